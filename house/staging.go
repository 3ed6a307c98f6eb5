package house

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Follow has a staging installation keep the clock of a simulator, until ctx ends. url is the simulator's address. While
// it does not answer, the clock stays as far moved as it was.
func (h *House) Follow(ctx context.Context, url string) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	client := &http.Client{Timeout: 2 * time.Second}
	down := false
	for {
		d, err := offsetOf(ctx, client, url)
		if err != nil && !down && ctx.Err() == nil {
			h.Log.Warn("the simulator's clock cannot be read", "error", err)
		}
		down = err != nil
		if err == nil && d != h.DB.Clock().Offset() {
			h.DB.Clock().SetOffset(d)
			h.Log.Info("clock follows the simulator", "offset", d.String())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func offsetOf(ctx context.Context, client *http.Client, url string) (time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/clock", nil)
	if err != nil {
		return 0, err
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var c struct{ Offset string }
	if err := json.NewDecoder(http.MaxBytesReader(nil, res.Body, 4096)).Decode(&c); err != nil {
		return 0, err
	}
	return time.ParseDuration(c.Offset)
}
