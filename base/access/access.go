// Package access says who acts, from where, and how strongly that was proved. The actor is an argument of every
// operation, never hidden in a context.
package access

import (
	"net/netip"

	"watchword/base/id"
	"watchword/base/problem"
)

// Level is how strongly a session was proved.
type Level int

const (
	// LevelNone: nobody.
	LevelNone Level = 0
	// LevelPassword: password alone, or password and a code by email (never claimed as AAL2: NIST SP 800-63B-4 §3.1.3.1).
	LevelPassword Level = 1
	// LevelTwoFactor: password and SMS, authenticator app or recovery code, or a passkey with user verification.
	LevelTwoFactor Level = 2
)

// Kind is what sort of actor it is.
type Kind string

const (
	KindVisitor  Kind = "visitor" // not logged in
	KindPerson   Kind = "person"
	KindOperator Kind = "operator"
	KindSystem   Kind = "system" // the program itself, or a command on the host
)

// Origin is where a request comes from. Address is the peer after trusted proxies were peeled off (C54).
type Origin struct {
	Address netip.Addr
	Agent   string // User-Agent, cut to 400 octets, control characters removed
	Device  string // "Firefox on Windows": made of Agent for people to read
	Country string // only when the operator supplies an mmdb file
	Request string // request id
}

// Bucket is the address as limits count it: IPv6 by /64, IPv4 by address (decisions 19).
func (o Origin) Bucket() string {
	a := o.Address.Unmap()
	if a.Is6() {
		p, err := a.Prefix(64)
		if err == nil {
			return p.String()
		}
	}
	return a.String()
}

// Actor is who does something.
type Actor struct {
	Kind         Kind
	Profile      id.Profile
	Session      id.Session
	Operator     id.Operator
	Organisation id.Organisation // the one switched to, may be empty
	Level        Level
	Methods      []string // what the session was proved by: "password", "sms", "device" …
	ProvedAt     int64    // micros; the newest log-in or step-up of the session
	Looking      bool     // an operator who looks into Organisation, and can change nothing (SO12)
	Name         string   // username or address, for the audit log
	Origin       Origin
}

// Visitor is an actor who is not logged in.
func Visitor(o Origin) Actor { return Actor{Kind: KindVisitor, Origin: o} }

// System is the program itself.
func System(name string) Actor { return Actor{Kind: KindSystem, Name: name} }

// Person returns SignedOut unless a person is logged in.
func (a Actor) MustBePerson() error {
	if a.Kind != KindPerson || a.Profile == "" {
		return problem.SignedOut()
	}
	return nil
}
