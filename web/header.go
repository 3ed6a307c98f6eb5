package web

import (
	"crypto/tls"
	"net/http"

	"watchword/web/look"
)

// behindProxy stands for the TLS that a proxy before us ended.
var behindProxy = &tls.ConnectionState{}

// fixed are the headers of every answer (C53, C55). Values are shared slices: nobody may change one in place.
var fixed = map[string][]string{
	"Content-Security-Policy":           {look.Policy},
	"Cache-Control":                     {"no-store"},
	"Referrer-Policy":                   {"no-referrer"},
	"X-Content-Type-Options":            {"nosniff"},
	"X-Frame-Options":                   {"DENY"},
	"Cross-Origin-Opener-Policy":        {"same-origin"},
	"Cross-Origin-Resource-Policy":      {"same-origin"},
	"X-Permitted-Cross-Domain-Policies": {"none"},
	"Permissions-Policy": {"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
		"magnetometer=(), microphone=(), midi=(), payment=(), usb=(), publickey-credentials-create=(self), " +
		"publickey-credentials-get=(self), otp-credentials=(self), clipboard-write=(self)"},
}

var strictTransport = []string{"max-age=31536000; includeSubDomains"}

func (d *Door) headers(h http.Header) {
	for name, value := range fixed {
		h[name] = value
	}
	if d.secure {
		h["Strict-Transport-Security"] = strictTransport
	}
}

// ClearSite has the browser forget what it stored of this site, at logging out. Cookies stay: the one by which a
// browser is recognised is not part of the session (decisions 16).
func (q *Request) ClearSite() { q.W.Header().Set("Clear-Site-Data", `"cache", "storage"`) }
