package sms

import (
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
var DefaultNextOn = []string{"invalid_source", "invalid_source_ton", "invalid_source_npi", "invalid_service_type",
	"invalid_esm_class", "invalid_system_type", "invalid_bind_status", "not_in_alphabet", "unauthorized", "no_credit"}

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
