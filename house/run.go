package house

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// Limits of the HTTP server. A page is small; uploads belong to later rooms.
const (
	headerTime  = 10 * time.Second
	readTime    = 60 * time.Second
	writeTime   = 90 * time.Second
	idleTime    = 2 * time.Minute
	headerBytes = 32 << 10
	// stopTime is how long requests in hand may take once the stop began.
	stopTime = 20 * time.Second
)

// Listen gives the house listeners that were opened before, instead of the configured address.
func (h *House) Listen(l ...net.Listener) { h.listeners = append(h.listeners, l...) }

// Opened names what is done once every listener is open, before the first request is answered.
func (h *House) Opened(f func() error) { h.opened = f }

// Run serves until ctx ends, then stops in order: no new connections, requests in hand are answered, what is on its way
// to carriers and the mail server is finished and noted. The database stays open; Close it afterwards.
func (h *House) Run(ctx context.Context) error {
	loops, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	defer stopLoops()
	servers, err := h.servers(loops)
	if err != nil {
		return err
	}
	if h.opened != nil {
		if err := h.opened(); err != nil {
			for _, s := range servers {
				s.listen.Close()
			}
			return err
		}
	}
	var work sync.WaitGroup
	failed := make(chan error, len(servers)+8)
	for _, s := range servers {
		work.Go(func() {
			if err := s.serve(); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		})
	}
	for _, loop := range h.loops() {
		work.Go(func() {
			if err := loop(loops); err != nil && loops.Err() == nil {
				failed <- err
			}
		})
	}
	h.mailState() // looks in the background, so that the first probe knows
	notify("READY=1")
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	notify("STOPPING=1")
	h.state.mu.Lock()
	h.state.stopping = true
	h.state.mu.Unlock()
	h.Log.Info("stopping")
	stop, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	for _, s := range servers {
		if e := s.server.Shutdown(stop); e != nil {
			s.server.Close()
		}
	}
	stopLoops()
	work.Wait()
	return err
}

// loops are what runs beside the listeners.
func (h *House) loops() []func(context.Context) error {
	return []func(context.Context) error{
		h.Texts.Run,
		h.Mails.Run,
		func(ctx context.Context) error { h.Rooms.Recovery.Run(ctx, h.DB, h.Log); return nil },
		func(ctx context.Context) error { h.idle.rest(ctx, h.Rooms.Hasher.Rest); return nil },
		func(context.Context) error { h.Door.Look.Check(); return nil },
		func(ctx context.Context) error { h.housekeeping(ctx); return nil },
		h.supportLoop,
		h.contactLoop,
	}
}

type served struct {
	server *http.Server
	listen net.Listener
	tls    bool
}

func (s served) serve() error {
	if s.tls {
		return s.server.ServeTLS(s.listen, "", "")
	}
	return s.server.Serve(s.listen)
}

// servers opens every listener, or none.
func (h *House) servers(ctx context.Context) (out []served, err error) {
	defer func() {
		if err != nil {
			for _, s := range out {
				s.listen.Close()
			}
			out = nil
		}
	}()
	secure, plain, err := encrypt(ctx, h.Config, h.Log)
	if err != nil {
		return nil, err
	}
	listeners := h.listeners
	if len(listeners) == 0 {
		l, err := listen(h.Config, "listen", h.Config.Listen)
		if err != nil {
			return nil, err
		}
		listeners = []net.Listener{l}
	}
	h.Door.Raw("/readyz", http.HandlerFunc(h.serveReady))
	for _, l := range listeners {
		out = append(out, served{h.server(h.watched(h.Door), secure), l, secure != nil})
	}
	if plain != nil && h.Config.TLS.ListenHTTP != "" && len(h.listeners) == 0 {
		l, err := listen(h.Config, "tls.listen_http", h.Config.TLS.ListenHTTP)
		if err != nil {
			return out, err
		}
		out = append(out, served{h.server(plain, nil), l, false})
	}
	if h.Config.Metrics.Listen != "" {
		l, err := listen(h.Config, "metrics.listen", h.Config.Metrics.Listen)
		if err != nil {
			return out, err
		}
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", h.Metrics())
		out = append(out, served{h.server(mux, nil), l, false})
	}
	return out, nil
}

// server serves one listener. TLS settings are copied, because each server writes its protocols into its own.
func (h *House) server(handler http.Handler, secure *tls.Config) *http.Server {
	return &http.Server{Handler: handler, TLSConfig: secure.Clone(), ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerBytes, ErrorLog: log.New(quiet{h}, "", 0)}
}

// quiet hands what net/http complains of to the log: strangers' broken handshakes are no errors of ours.
type quiet struct{ h *House }

func (q quiet) Write(b []byte) (int, error) {
	q.h.Log.Debug("connection", "problem", string(b))
	return len(b), nil
}

// notify tells systemd how far we are (sd_notify(3)); elsewhere it does nothing.
func notify(state string) {
	address := os.Getenv("NOTIFY_SOCKET")
	if address == "" {
		return
	}
	if address[0] == '@' {
		address = "\x00" + address[1:]
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		return
	}
	defer c.Close()
	c.Write([]byte(state))
}
