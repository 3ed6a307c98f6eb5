// Package simulator stands in for the outside world: an SMSC that speaks SMPP 3.4, a mail server, and an address with a
// page that shows them as phones and a mailbox, and with a small JSON interface for end-to-end tests. Watchword talks to
// it exactly as to a real carrier and a real mail server; nothing is short-circuited.
package simulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/emersion/go-smtp"

	"watchword/simulator/smsc"
)

// Options say where it listens and whose clock it moves.
type Options struct {
	HTTP string // address of the page and the JSON interface; "127.0.0.1:0" chooses a port
	SMPP string
	SMTP string
	// Hosts are further Host names that the page answers to; loopback names are always accepted. Everything else is
	// refused, so that no web page can reach the simulator by a name that resolves here.
	Hosts []string
	// SystemID and Password are what a bind must present; both empty accept any.
	SystemID, Password string
	// Home is the country (ISO 3166-1) whose numbers may be written without a country code. Default "GB".
	Home string
	// Clock is the clock that POST /clock moves and GET /clock tells. Nil: a clock of the simulator's own.
	Clock *Clock
	// Product is the address of Watchword, for the link on the page; may be empty.
	Product string
	Log     *slog.Logger
}

// Simulator is a running simulator.
type Simulator struct {
	o     Options
	box   *box
	state *faults
	smsc  *smsc.Server
	smtp  *smtp.Server
	http  *http.Server

	httpListener, smtpListener net.Listener
	smppAddress                net.Addr
}

// Start opens the three addresses and serves until Close.
func Start(o Options) (*Simulator, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Home == "" {
		o.Home = "GB"
	}
	if o.Clock == nil {
		o.Clock = OwnClock()
	}
	s := &Simulator{o: o, box: newBox(o.Clock.Now)}
	s.state = newFaults(s)
	if err := s.listen(); err != nil {
		s.Close()
		return nil, err
	}
	s.http = &http.Server{Handler: s.guard(s.routes()), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10}
	go s.http.Serve(s.httpListener)
	go s.smtp.Serve(s.smtpListener)
	return s, nil
}

func (s *Simulator) listen() (err error) {
	if s.httpListener, err = net.Listen("tcp", s.o.HTTP); err != nil {
		return fmt.Errorf("the simulator's page cannot listen: %w", err)
	}
	if s.smtpListener, err = net.Listen("tcp", s.o.SMTP); err != nil {
		return fmt.Errorf("the simulator's mail server cannot listen: %w", err)
	}
	s.smtp = s.mailServer()
	if err = s.startSMSC(); err != nil {
		return fmt.Errorf("the simulator's SMSC cannot listen: %w", err)
	}
	return nil
}

// URL is the address of the page, SMPP and SMTP those of the two servers (host:port).
func (s *Simulator) URL() string  { return "http://" + local(s.httpListener.Addr().String()) }
func (s *Simulator) SMTP() string { return s.smtpListener.Addr().String() }

// local writes a loopback address as people type it.
func local(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		return "localhost:" + port
	}
	return address
}

// Close ends everything; messages are forgotten.
func (s *Simulator) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	s.box.close()
	var errs []error
	if s.http != nil {
		errs = append(errs, s.http.Shutdown(ctx))
		s.http.Close()
	} else if s.httpListener != nil {
		s.httpListener.Close()
	}
	if s.smtp != nil {
		s.smtp.Close()
	}
	if s.smtpListener != nil {
		s.smtpListener.Close()
	}
	s.stopSMSC()
	return errors.Join(errs...)
}
