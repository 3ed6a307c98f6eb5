package smpp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp/pdu"
)

// bindRefused is a bind response with an error status.
type bindRefused struct{ status pdu.Status }

func (e bindRefused) Error() string { return "the carrier refused the bind: " + e.status.String() }

// keep binds, serves and binds again until ctx ends. The wait between tries is drawn from 0 to a bound that doubles
// (full jitter), so that binds which fell together do not come back together. The bound starts anew once a session
// has lived longer than it.
func (c *Carrier) keep(ctx context.Context, kind pdu.Command) {
	bound := c.o.ReconnectMin
	for ctx.Err() == nil {
		began := time.Now()
		err := c.connect(ctx, kind)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > max(bound, c.o.ReconnectMin) {
			bound = c.o.ReconnectMin
		}
		wait := time.Duration(rand.Int64N(int64(bound) + 1))
		bound = min(2*bound, c.o.ReconnectMax)
		var refused bindRefused
		fatal := errors.As(err, &refused) && refusesBind(refused.status)
		switch {
		case fatal && refused.status == pdu.AlreadyBound:
			wait = min(c.o.ReconnectMax, c.o.RefusedRetry) // usually our own dropped session, which the SMSC still holds
		case fatal:
			wait = c.o.RefusedRetry
		}
		c.setHealth(func(h *sms.Health) {
			h.LastError = err.Error()
			h.Fatal = fatal
		})
		level := c.o.Log.Warn
		if fatal {
			level = c.o.Log.Error
		}
		level("carrier connection ended", "carrier", c.o.Name, "bind", bindName(kind), "error", err, "retry_in", wait.String())
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

// connect makes one session and serves it to its end; the error says why it ended.
func (c *Carrier) connect(ctx context.Context, kind pdu.Command) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	c.o.Log.Debug("carrier reached, binding", "carrier", c.o.Name, "bind", bindName(kind), "address", c.o.Address, "tls", c.o.TLS != nil, "system_id", c.o.SystemID)
	reader := pdu.NewReader(conn)
	if err := c.bind(ctx, conn, reader, kind); err != nil {
		return err
	}
	s := newSession(c, conn, reader, kind != pdu.BindReceiver)
	c.o.Log.Info("carrier bound", "carrier", c.o.Name, "bind", bindName(kind))
	if s.sends {
		c.setHealth(func(h *sms.Health) { h.Up, h.Fatal = true, false })
		defer c.setHealth(func(h *sms.Health) { h.Up = false })
	}
	return s.run(ctx)
}

func (c *Carrier) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.ConnectTimeout)
	defer cancel()
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3}}
	plain, err := dialer.DialContext(ctx, "tcp", c.o.Address)
	if err != nil {
		return nil, fmt.Errorf("the carrier could not be reached: %w", err)
	}
	if tcp, ok := plain.(*net.TCPConn); ok {
		// With Nagle's algorithm and a peer that delays its ACKs, each window costs 40 ms.
		if err := tcp.SetNoDelay(true); err != nil {
			plain.Close()
			return nil, err
		}
	}
	if c.o.TLS == nil {
		return plain, nil
	}
	config := c.o.TLS.Clone()
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(c.o.Address)
	}
	secure := tls.Client(plain, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		plain.Close()
		return nil, fmt.Errorf("no TLS connection to the carrier: %w", err)
	}
	return secure, nil
}

// bind asks and waits for the answer. An enquire_link may come first; anything else before the answer is passed over.
func (c *Carrier) bind(ctx context.Context, conn net.Conn, reader *pdu.Reader, kind pdu.Command) error {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := conn.SetDeadline(time.Now().Add(c.o.ConnectTimeout)); err != nil {
		return err
	}
	request := pdu.Bind{
		SystemID: c.o.SystemID, Password: c.o.Password, SystemType: c.o.SystemType,
		Version: pdu.Version, AddressRange: c.o.AddressRange,
	}
	if _, err := conn.Write(request.Append(nil, kind, bindSequence)); err != nil {
		return fmt.Errorf("the carrier closed the connection before the bind: %w", err)
	}
	for {
		h, _, err := reader.Next()
		switch {
		case err != nil:
			return fmt.Errorf("no answer to the bind: %w", err)
		case h.Command == kind.Response() || h.Command == pdu.GenericNack:
			if h.Status != pdu.OK {
				return bindRefused{h.Status}
			}
			return conn.SetDeadline(time.Time{})
		case h.Command == pdu.EnquireLink:
			if _, err := conn.Write(pdu.AppendHeader(nil, pdu.Header{Command: pdu.EnquireLinkResp, Sequence: h.Sequence})); err != nil {
				return err
			}
		}
	}
}

const bindSequence = 1

func bindName(kind pdu.Command) string {
	switch kind {
	case pdu.BindTransmitter:
		return "transmitter"
	case pdu.BindReceiver:
		return "receiver"
	}
	return "transceiver"
}
