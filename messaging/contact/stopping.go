package contact

import (
	"context"
	"time"

	"watchword/base/store"
)

// yes is what a cell of an opted-out column says, folded. Anything else is neither, and the row is refused: a column taken
// for this one by mistake must not silence everybody in the file.
var yes = map[string]bool{"yes": true, "y": true, "true": true, "1": true, "x": true, "opted out": true, "unsubscribed": true, "stop": true,
	"ja": true, "oui": true, "si": true, "sim": true, "no": false, "n": false, "false": false, "0": false, "-": false, "subscribed": false,
	"nein": false, "non": false, "nao": false}

// optOut keeps the wish of those whose rows say that they opted out, before any of them becomes a contact (CL10). A contact
// that is to stay as it is does.
func (j *importing) optOut(ctx context.Context, numbers []string) error {
	for size := newPace(j.db); len(numbers) > 0; {
		some := numbers[:min(len(numbers), size.n)]
		var took time.Duration
		err := j.bulk(ctx, func(tx *store.Tx, _ *record) error {
			began := time.Now()
			defer func() { took = time.Since(began) }()
			have := map[string]row{}
			if j.mapping.Duplicates == Skip {
				var err error
				if have, err = byNumbers(tx, j.org, some); err != nil {
					return err
				}
			}
			out := make([]string, 0, len(some))
			for _, n := range some {
				if _, is := have[n]; !is {
					out = append(out, n)
				}
			}
			return j.room.Optouts.AddAll(tx, j.org, out, "import")
		})
		if err != nil {
			return err
		}
		size.took(took)
		numbers = numbers[len(some):]
	}
	return nil
}
