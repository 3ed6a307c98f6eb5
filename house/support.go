package house

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"watchword/account/factor"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/operator"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/config"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/gateway/email"
	"watchword/gateway/sms"
	"watchword/organisation"
	"watchword/signin/login"
	"watchword/support/console"
	"watchword/support/request"
	"watchword/web"
	pages "watchword/web/operator"
	"watchword/web/signedout/support"
)

// support makes the rooms of those who host Watchword; everything below them is there.
func (r *Rooms) support(c *config.Config, log *audit.Log) {
	r.Requests = &request.Room{Log: log, Links: r.Links, Post: r.Post, Factors: r.Factors, Recovery: r.Recovery,
		Organisations: r.Organisations, Login: r.Login, Settings: ofRequests(c)}
	r.Console = &console.Room{Log: log, Post: r.Post, Operators: r.Operators, Organisations: r.Organisations, Factors: r.Factors,
		Recovery: r.Recovery, Requests: r.Requests}
}

// supportPages mounts the page that asks for help and the operators' console.
func (h *House) supportPages() {
	r := &h.Rooms
	support.Mount(h.Door, r.Requests)
	pages.Mount(h.Door, pages.Rooms{Console: r.Console, Requests: r.Requests, Desk: r.Operators})
}

// looking tells the door which operator looks into which organisation.
func (h *House) looking(ctx context.Context, token string, o access.Origin) (access.Actor, web.Looked, error) {
	who, _, l, err := h.Rooms.Console.Check(ctx, h.DB, token, o)
	return who, web.Looked{Name: l.Name, Suspended: l.Suspended, Until: l.Until}, err
}

// supportLoop lets what is due take effect and writes down the end of what ended by itself.
func (h *House) supportLoop(ctx context.Context) error {
	for {
		seen := h.DB.Clock().Offset() // before looking: what moves meanwhile is looked at again
		if err := h.Rooms.Requests.Due(ctx, h.DB); err != nil && ctx.Err() == nil {
			h.Log.Error("a support request could not take effect; it is tried again", "error", err)
		}
		if err := h.Rooms.Console.EndOverdue(ctx, h.DB); err != nil && ctx.Err() == nil {
			h.Log.Error("the end of a look into an organisation was not written down; it is tried again", "error", err)
		}
		if !untilMoved(ctx, h.DB.Clock(), seen, request.Poll) {
			return nil
		}
	}
}

// untilMoved waits for the given time, or shorter where the clock is no longer as far moved as it was seen: who moves it
// in the demo or in staging must not be shown what is past. It is false when ctx has ended.
func untilMoved(ctx context.Context, clock *store.Clock, seen, most time.Duration) bool {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	end := time.Now().Add(most)
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
			if clock.Offset() != seen || !time.Now().Before(end) {
				return true
			}
		}
	}
}

// Host is what commands on the host need to do what operators do, beside a server that runs or does not. What they send
// waits in the outbox for the server.
type Host struct {
	DB    *store.DB
	Rooms Rooms
}

// OpenHost opens it on the database of a server that was started before.
func OpenHost(ctx context.Context, c *config.Config) (*Host, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return nil, err
	}
	db, ring, err := openToWrite(ctx, c)
	if err != nil {
		return nil, err
	}
	h := &Host{DB: db}
	r, log := &h.Rooms, &audit.Log{Ring: ring}
	r.Organisations = &organisation.Rooms{Log: log}
	r.Links = link.Book{Ring: ring, BaseURL: c.BaseURL}
	r.Post = &notice.Post{SMS: sms.New(sms.Options{DB: db, Ring: ring, DefaultPrice: int64(c.Sending.PricePerSegment)}),
		Email: email.New(email.Options{DB: db, Ring: ring}), Product: c.Name, Host: base.Hostname(), Site: c.BaseURL, Home: c.HomeCountry}
	book := budget.Book{Settings: budget.Defaults()}
	r.Factors, err = factor.New(factor.Options{Ring: ring, Log: log, Budget: book, Product: c.Name, BaseURL: c.BaseURL, Home: c.HomeCountry,
		Settings: factor.Defaults()})
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("factors: %w", err)
	}
	r.Recovery = &recovery.Room{Ring: ring, Log: log, Budget: book, Links: r.Links, Post: r.Post, Settings: ofRecovery(c)}
	r.Operators = &operator.Desk{Ring: ring, Log: log, Factors: r.Factors, Codes: r.Recovery, Links: r.Links, Post: r.Post, Settings: ofOperators(c)}
	r.Login = &login.Room{Log: log}
	r.support(c, log)
	return h, nil
}

// Close closes the database.
func (h *Host) Close() error { return h.DB.Close() }
