package sms

import (
	"slices"
	"sync/atomic"

	"watchword/gateway/sms/encoding"
)

// Route is a carrier and what it is used for.
type Route struct {
	Carrier   Carrier
	Lanes     []Lane           // empty: both
	Countries []string         // ISO codes ("GB") or calling prefixes ("+44"); empty: everywhere
	Priority  int              // lowest first; equals share the work
	Price     int64            // micro-units a segment; 0 means Options.DefaultPrice
	Sender    string           // for messages that name none
	Text      encoding.Options // alphabet, reference width, and whether the carrier cuts long texts itself
	// Requeue sends bulk messages again whose response never came, at the risk of two texts to the same phone. Codes
	// are never sent again by themselves.
	Requeue bool
	// NextOn names reasons of Rejected that are the route's own fault, so that the next route is tried. Nil means
	// DefaultNextOn.
	NextOn []string
}

// DefaultNextOn are rejections that say nothing about the message: another route may well take it.
var DefaultNextOn = []string{"invalid_source", "not_permitted", "no_credit", "bind_state", "system_error"}

// RouteHealth is one route for operators, doctor and metrics.
type RouteHealth struct {
	Name      string
	Lanes     []Lane
	Countries []string
	Priority  int
	Health
}

// Health tells the state of every route, in the order they were given.
func (o *Outbox) Health() []RouteHealth {
	out := make([]RouteHealth, 0, len(o.routes))
	for _, r := range o.routes {
		out = append(out, RouteHealth{r.name, r.Lanes, r.Countries, r.Priority, r.Carrier.Health()})
	}
	return out
}

// Price is what one segment to the country (ISO code) costs in micro-units: the dearest of the routes that a code may
// take first, so that a spend limit is never too low. Without any route it is Options.DefaultPrice.
func (o *Outbox) Price(country string) int64 {
	price, best := int64(0), 0
	for _, r := range o.routes {
		if !r.carries(System) || !r.reaches("", country) {
			continue
		}
		if price == 0 || r.Priority < best {
			price, best = o.price(r), r.Priority
		} else if r.Priority == best {
			price = max(price, o.price(r))
		}
	}
	if price == 0 {
		return o.DefaultPrice
	}
	return price
}

func (o *Outbox) price(r *route) int64 {
	if r.Price > 0 {
		return r.Price
	}
	return o.DefaultPrice
}

// route is a Route at work.
type route struct {
	Route
	name string
	up   atomic.Bool
}

func newRoute(r Route) *route {
	if r.NextOn == nil {
		r.NextOn = DefaultNextOn
	}
	return &route{Route: r, name: r.Carrier.Name()}
}

func (r *route) carries(l Lane) bool { return len(r.Lanes) == 0 || slices.Contains(r.Lanes, l) }

// reaches says whether the route serves a number; to may be empty when only the country is known.
func (r *route) reaches(to, country string) bool {
	if len(r.Countries) == 0 {
		return true
	}
	for _, c := range r.Countries {
		if c == country || len(c) > 1 && c[0] == '+' && len(to) >= len(c) && to[:len(c)] == c {
			return true
		}
	}
	return false
}
