package web

import (
	"net/http"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"watchword/base/access"
)

// maxAgent bounds what is kept of a User-Agent, in octets.
const maxAgent = 400

func (d *Door) origin(r *http.Request) access.Origin {
	agent := clean(r.UserAgent())
	o := access.Origin{Address: d.client(r), Agent: agent, Device: Device(agent), Request: newRequestID()}
	if d.Country != nil {
		o.Country = d.Country(o.Address)
	}
	return o
}

// client is the address of whoever asks. Behind configured proxies X-Forwarded-For is read from right to left, up to
// the first address that is not a proxy of ours: everything left of it is the client's own invention (C54).
func (d *Door) client(r *http.Request) netip.Addr {
	peer := address(r.RemoteAddr)
	if !d.trusted(peer) {
		return peer
	}
	lines := r.Header.Values("X-Forwarded-For")
	for i := len(lines) - 1; i >= 0; i-- {
		hops := strings.Split(lines[i], ",")
		for j := len(hops) - 1; j >= 0; j-- {
			hop := address(strings.TrimSpace(hops[j]))
			if !hop.IsValid() {
				return peer
			}
			peer = hop
			if !d.trusted(hop) {
				return peer
			}
		}
	}
	return peer
}

func (d *Door) trusted(a netip.Addr) bool {
	for _, p := range d.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// address reads "192.0.2.1", "192.0.2.1:443", "2001:db8::1" and "[2001:db8::1]:443"; anything else is not valid.
func address(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// clean takes control characters out and cuts to maxAgent octets, at a character's border.
func clean(s string) string {
	if len(s) > maxAgent {
		s = s[:maxAgent]
		for !utf8.ValidString(s) && len(s) > maxAgent-utf8.UTFMax {
			s = s[:len(s)-1]
		}
	}
	s = strings.ToValidUTF8(s, "")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// signs are looked for in this order: a browser's name contains those of its ancestors.
var browsers = []struct{ sign, name string }{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
	{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"},
	{"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}, {"Wget/", "Wget"}, {"Go-http-client/", "a Go program"},
	{"python", "a Python program"},
}

var systems = []struct{ sign, name string }{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Macintosh", "Mac"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"},
}

// Device makes of a User-Agent what people call it: "Firefox on Windows". It is shown, never trusted.
func Device(agent string) string {
	browser, system := "", ""
	for _, b := range browsers {
		if strings.Contains(agent, b.sign) {
			browser = b.name
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s.sign) {
			system = s.name
			break
		}
	}
	switch {
	case browser == "" && system == "":
		return "Unknown browser"
	case browser == "":
		return "A browser on " + system
	case system == "":
		return strings.ToUpper(browser[:1]) + browser[1:]
	}
	return strings.ToUpper(browser[:1]) + browser[1:] + " on " + system
}
