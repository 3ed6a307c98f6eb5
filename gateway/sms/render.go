package sms

import (
	"context"
	"sync"
	"time"

	"watchword/base/phone"
)

const renderWait = 5 * time.Second

// render opens numbers and bodies and asks for the texts of challenges. Jobs that cannot go now are put back or ended
// here; the others are returned.
func (o *Outbox) render(ctx context.Context, jobs []*job) []*job {
	texts, err := o.rendered(ctx, jobs)
	if err != nil {
		o.Log.Error("texts: the codes could not be written; they are tried again", "error", err)
	}
	ready := jobs[:0]
	for _, j := range jobs {
		switch err := o.open(j); {
		case err != nil:
			o.Log.Error("texts: a sealed message does not open; it is given up", "message", j.id, "error", err)
			o.over(j, StateFailed, 0, "sealed")
			continue
		case j.ref == "":
			ready = append(ready, j)
			continue
		}
		t, ok := texts[j.ref]
		switch {
		case ok && t.Skip != "":
			o.over(j, StateCancelled, 0, t.Skip)
		case ok && t.Text != "":
			j.text = t.Text
			ready = append(ready, j)
		case j.attempts >= o.Attempts && j.expires == 0:
			o.over(j, StateFailed, 0, "not_rendered")
		default:
			j.attempts++
			o.over(j, StateQueued, o.backoff(j), "not_rendered")
		}
	}
	return ready
}

func (o *Outbox) rendered(ctx context.Context, jobs []*job) (map[string]Rendered, error) {
	var refs []string
	for _, j := range jobs {
		if j.ref != "" {
			refs = append(refs, j.ref)
		}
	}
	if len(refs) == 0 || o.Render == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, renderWait)
	defer cancel()
	return o.Render(ctx, refs)
}

func (o *Outbox) open(j *job) error {
	to, err := o.Ring.Open(sealTo, j.id, j.sealedTo)
	if err != nil {
		return err
	}
	j.to = string(to)
	if j.ref != "" {
		return nil
	}
	body, err := o.Ring.Open(sealBody, j.id, j.sealedBody)
	j.text = string(body)
	return err
}

// countries remembers which country a number's first digits belong to: reading a number in full is slow.
type countries struct {
	mu    sync.Mutex
	known map[string]string
}

const countryDigits = 8 // the plus and seven digits

func (c *countries) of(to string) string {
	key := to[:min(len(to), countryDigits)]
	c.mu.Lock()
	defer c.mu.Unlock()
	if country, ok := c.known[key]; ok {
		return country
	}
	if c.known == nil || len(c.known) > 20_000 {
		c.known = map[string]string{}
	}
	n, err := phone.Parse(to, "")
	country := ""
	if err == nil {
		country = n.Country
	}
	c.known[key] = country
	return country
}
