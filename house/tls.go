package house

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"watchword/base/config"
)

// encrypt gives the TLS settings of the listener, nil where none is wanted, and the handler of the plain listener that
// answers challenges and sends people to https (nil: no such listener).
func encrypt(ctx context.Context, c *config.Config, log *slog.Logger) (*tls.Config, http.Handler, error) {
	switch c.TLS.Mode {
	case "files":
		k, err := newKeyPair(c.TLS.Certificate, c.TLS.Key)
		if err != nil {
			return nil, nil, c.Mistake("tls.certificate", err.Error(), "name a certificate in PEM with its chain, and in tls.key the key that belongs to it")
		}
		return &tls.Config{GetCertificate: k.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, toHTTPS(c.BaseURL), nil
	case "auto":
		return automatic(ctx, c, log)
	}
	return nil, nil, nil
}

// automatic gets and renews certificates by ACME (RFC 8555) in the background.
func automatic(ctx context.Context, c *config.Config, log *slog.Logger) (*tls.Config, http.Handler, error) {
	domains := c.TLS.Domains
	if len(domains) == 0 {
		u, err := url.Parse(c.BaseURL)
		if err != nil {
			return nil, nil, err
		}
		domains = []string{u.Hostname()}
	}
	storage := c.TLS.Storage
	if storage == "" {
		storage = filepath.Join(c.Data, "certificates")
	}
	var magic *certmagic.Config
	cache := certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return magic, nil },
		Logger:           zap.NewNop(),
	})
	magic = certmagic.New(cache, certmagic.Config{Storage: &certmagic.FileStorage{Path: storage}, Logger: zap.NewNop(),
		OnEvent: func(_ context.Context, event string, data map[string]any) error {
			switch event {
			case "cert_obtained":
				log.Info("certificate obtained", "name", data["identifier"])
			case "cert_failed":
				log.Error("no certificate could be obtained; it is tried again, and https does not work until then: run \"watchword doctor\"", "name", data["identifier"], "error", fmt.Sprint(data["error"]))
			}
			return nil
		}})
	issuer := certmagic.NewACMEIssuer(magic, certmagic.ACMEIssuer{CA: c.TLS.Directory, Email: c.TLS.Email, Agreed: true, Logger: zap.NewNop(),
		DisableHTTPChallenge: c.TLS.ListenHTTP == ""})
	magic.Issuers = []certmagic.Issuer{issuer}
	if err := magic.ManageAsync(ctx, domains); err != nil {
		return nil, nil, fmt.Errorf("certificates: %w", err)
	}
	t := magic.TLSConfig()
	t.MinVersion = tls.VersionTLS12
	t.NextProtos = append([]string{"h2", "http/1.1"}, t.NextProtos...)
	return t, issuer.HTTPChallengeHandler(toHTTPS(c.BaseURL)), nil
}

// toHTTPS sends a browser that came without TLS to the configured address, whatever name it asked for (C52).
func toHTTPS(base string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		target := base
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			target += r.URL.EscapedPath() // a query may hold a token: it is not repeated after a plain request
		}
		http.Redirect(w, r, target, http.StatusMovedPermanently)
	})
}

// keyPair is a certificate on disk, read again when it changes.
type keyPair struct {
	certificate, key string

	mu      sync.Mutex
	pair    *tls.Certificate
	stamp   time.Time
	checked time.Time
}

func newKeyPair(certificate, key string) (*keyPair, error) {
	k := &keyPair{certificate: certificate, key: key}
	_, err := k.get(nil)
	return k, err
}

func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pair != nil && time.Since(k.checked) < 10*time.Second {
		return k.pair, nil
	}
	k.checked = time.Now()
	st, err := os.Stat(k.certificate)
	if err == nil && k.pair != nil && st.ModTime().Equal(k.stamp) {
		return k.pair, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(k.certificate, k.key); err == nil {
			k.pair, k.stamp = &pair, st.ModTime()
		}
	}
	if k.pair == nil {
		return nil, fmt.Errorf("the certificate cannot be used: %w", err)
	}
	return k.pair, nil // half-written files leave the old one in force
}

// listen opens the address that a key of the configuration names.
func listen(c *config.Config, key, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	do := "see that it is an address of this machine"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		do = "another program, perhaps another server, has it: stop that one, or name another address"
	case errors.Is(err, fs.ErrPermission):
		do = "ports below 1024 need a right: run it with CAP_NET_BIND_SERVICE, or name another address"
	}
	return nil, fmt.Errorf("cannot listen on %s (%s in %s): %w; %s", address, key, c.Path, err, do)
}
