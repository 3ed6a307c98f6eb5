package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"watchword/base/phone"
)

// checker collects mistakes; keys already complained about are left out.
type checker struct {
	c    *Config
	bad  map[string]bool
	list []Mistake
}

func (c *Config) check(before []Mistake) []Mistake {
	k := &checker{c: c, bad: map[string]bool{}}
	for _, m := range before {
		k.bad[m.Key] = true
	}
	k.bounds(reflect.ValueOf(c).Elem(), "")
	k.addresses()
	k.tls()
	k.mail()
	k.sending()
	k.carriers()
	k.relations()
	return k.list
}

func (k *checker) say(key, wrong, right string) {
	if !k.bad[key] {
		k.bad[key] = true
		k.list = append(k.list, Mistake{Key: key, Wrong: wrong, Right: right})
	}
}

// bounds walks the tags.
func (k *checker) bounds(v reflect.Value, prefix string) {
	for i := range v.NumField() {
		f, tag := v.Field(i), v.Type().Field(i).Tag
		key := tag.Get("toml")
		if key == "" || key == "-" {
			continue
		}
		key = prefix + key
		switch x := f.Interface().(type) {
		case []Carrier:
			for j := range x {
				k.bounds(f.Index(j), fmt.Sprintf("%s[%d].", key, j))
			}
			continue
		case []SendingRule:
			for j := range x {
				k.bounds(f.Index(j), fmt.Sprintf("%s[%d].", key, j))
			}
			continue
		case []time.Duration:
			for _, d := range x {
				k.between(reflect.ValueOf(d), tag, key)
			}
			continue
		case Limit, []Limit:
			continue
		}
		if f.Kind() == reflect.Struct {
			k.bounds(f, key+".")
			continue
		}
		if words := tag.Get("one"); words != "" && !slices.Contains(strings.Fields(words), f.String()) {
			k.say(key, "this is "+strconv.Quote(f.String()), "it should be "+quoted(strings.Fields(words)))
		}
		if tag.Get("file") != "" && f.String() != "" {
			if file, err := os.Open(f.String()); err != nil {
				k.say(key, "the file "+f.String()+" cannot be read ("+reason(err)+")", "name a file that this user may read")
			} else {
				file.Close()
			}
		}
		k.between(f, tag, key)
	}
}

func (k *checker) between(f reflect.Value, tag reflect.StructTag, key string) {
	low, high := tag.Get("min"), tag.Get("max")
	if low == "" {
		return
	}
	var out bool
	switch x := f.Interface().(type) {
	case time.Duration:
		a, _ := parseDuration(low)
		b, _ := parseDuration(high)
		out = x < a || x > b
		low, high = showDuration(a), showDuration(b)
	case Money:
		var a, b Money
		a.UnmarshalText([]byte(low))
		b.UnmarshalText([]byte(high))
		out = x < a || x > b
	case int:
		a, _ := strconv.Atoi(low)
		b, _ := strconv.Atoi(high)
		out = x < a || x > b
	case float64:
		a, _ := strconv.ParseFloat(low, 64)
		b, _ := strconv.ParseFloat(high, 64)
		out = !(x >= a && x <= b)
	}
	if out {
		shown := fmt.Sprint(f.Interface())
		if d, ok := f.Interface().(time.Duration); ok {
			shown = showDuration(d)
		}
		k.say(key, "this is "+shown, "it should lie between "+low+" and "+high)
	}
}

func (k *checker) addresses() {
	c := k.c
	u, err := url.Parse(c.BaseURL)
	switch {
	case c.BaseURL == "":
		k.say("base_url", "it is missing", `it should be the address that people type, like "https://watchword.example.com"`)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil:
		k.say("base_url", "this is "+strconv.Quote(c.BaseURL), `it should be an address without a path, like "https://watchword.example.com"`)
	case u.Scheme == "http" && !(c.Demo && Loopback(u.Hostname())):
		k.say("base_url", "it begins with http://", "it should begin with https://, also when a proxy encrypts (tls.mode = \"proxy\")")
	}
	k.listen("listen", c.Listen, false)
	k.listen("metrics.listen", c.Metrics.Listen, true)
	if c.Database == "" && !k.bad["database"] {
		c.Database = "sqlite:" + filepath.Join(c.Data, "watchword.db")
	}
	if scheme, rest, _ := strings.Cut(c.Database, ":"); scheme != "sqlite" && scheme != "postgres" && scheme != "postgresql" || rest == "" {
		k.say("database", "this address cannot be read", `it should be "sqlite:/path/watchword.db" or "postgres://user@host/name"`)
	}
	if c.Data == "" {
		k.say("data", "it is empty", "it should be the folder for Watchword's own files")
	}
	if c.KeyRing == "" {
		k.say("key_ring", "it is missing", `it should be the path of the key ring, like "/etc/watchword/keys"; "watchword keys create" makes one`)
	} else if !c.Demo && within(c.Data, c.KeyRing) {
		k.say("key_ring", "it lies in the data folder, so that one stolen copy would open everything", "put it elsewhere, like /etc/watchword/keys")
	}
	if strings.TrimSpace(c.Name) == "" || len([]rune(c.Name)) > 20 {
		k.say("name", "this is "+strconv.Quote(c.Name), "it should have 1 to 20 characters: texts begin with it")
	}
	if phone.Calling(c.HomeCountry) == "" || c.HomeCountry != strings.ToUpper(c.HomeCountry) {
		k.say("home_country", "this is "+strconv.Quote(c.HomeCountry), `it should be two capital letters (ISO 3166-1), like "GB"`)
	}
	for i, p := range c.Proxies {
		if _, err := Prefix(p); err != nil {
			k.say(fmt.Sprintf("trusted_proxies[%d]", i), "this is "+strconv.Quote(p), `it should be an address or a network, like "10.0.0.0/8"`)
		}
	}
}

func (k *checker) listen(key, address string, mayBeEmpty bool) {
	if address == "" && mayBeEmpty {
		return
	}
	host, port, err := net.SplitHostPort(address)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || n < 0 || n > 65535 || host != "" && net.ParseIP(host) == nil && host != "localhost" {
		k.say(key, "this is "+strconv.Quote(address), `it should be an address and a port, like ":443" or "127.0.0.1:8080"`)
	}
}

func (k *checker) tls() {
	t := k.c.TLS
	switch t.Mode {
	case "auto":
		if t.Directory != "" {
			if u, err := url.Parse(t.Directory); err != nil || u.Scheme != "https" && !Loopback(u.Hostname()) {
				k.say("tls.directory", "this is "+strconv.Quote(t.Directory), "it should be the https address of an ACME directory")
			}
		}
		k.listen("tls.listen_http", t.ListenHTTP, true)
	case "files":
		if t.Certificate == "" {
			k.say("tls.certificate", "it is missing", "name the certificate's file, chain included: tls.mode is \"files\"")
		}
		if t.Key == "" {
			k.say("tls.key", "it is missing", "name the private key's file: tls.mode is \"files\"")
		}
	case "proxy":
		if len(k.c.Proxies) == 0 {
			k.say("trusted_proxies", "it is missing", `name the proxy's address, like ["127.0.0.1"]: without it everybody seems to come from the proxy`)
		}
	case "none":
		if !k.c.Demo {
			k.say("tls.mode", `this is "none"`, `it should be "auto", "files" or "proxy"; only the demo goes without`)
		}
	}
	if t.Mode != "files" && (t.Certificate != "" || t.Key != "") {
		k.say("tls.mode", "this is "+strconv.Quote(t.Mode)+", but a certificate or key is named", `it should be "files", or remove tls.certificate and tls.key`)
	}
}

func (k *checker) mail() {
	m := k.c.Mail
	if m.Host == "" {
		k.say("mail.host", "it is missing", "name the mail server: nobody can register without e-mail")
	}
	if _, err := mail.ParseAddress(m.From); err != nil || strings.ContainsAny(m.From, "<>\"") {
		wrong := "this is " + strconv.Quote(m.From)
		if m.From == "" {
			wrong = "it is missing"
		}
		k.say("mail.from", wrong, `it should be the sender's address, like "watchword@example.com"`)
	}
	if m.ReplyTo != "" {
		if _, err := mail.ParseAddress(m.ReplyTo); err != nil {
			k.say("mail.reply_to", "this is "+strconv.Quote(m.ReplyTo), "it should be an e-mail address")
		}
	}
	if m.TLS == "none" && m.Host != "" && !Loopback(m.Host) {
		k.say("mail.tls", `this is "none", and the server is not on this machine`, `it should be "starttls" or "implicit"`)
	}
	if m.User != "" && m.PasswordFile == "" && m.PasswordEnv == "" {
		k.say("mail.password_file", "it is missing", "name a file (or mail.password_env a variable) with the password of mail.user")
	}
	k.secret("mail.", m.PasswordFile, m.PasswordEnv)
}

func (k *checker) secret(prefix, file, variable string) {
	if file != "" && variable != "" {
		k.say(prefix+"password_env", "password_file is given too", "keep one of the two")
		return
	}
	if _, err := secretOf(file, variable); err != nil && variable != "" {
		k.say(prefix+"password_env", "the variable "+variable+" is not set", "set it, or use password_file")
	} else if err != nil {
		k.say(prefix+"password_file", "it cannot be used ("+reason(err)+")", "name a file that holds the password")
	}
}

func (k *checker) sending() {
	s := &k.c.Sending
	if s.Countries == nil {
		s.Countries = []string{k.c.HomeCountry} // which was checked
	} else {
		k.countries("sending.countries", s.Countries)
	}
	k.rules()
	if s.NumberRisk != "" {
		if u, err := url.Parse(s.NumberRisk); err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !Loopback(u.Hostname())) {
			k.say("sending.number_risk", "this is "+strconv.Quote(s.NumberRisk), "it should be an https address, because whole numbers go there")
		}
	}
	if len(s.CoolDowns) == 0 {
		k.say("sending.cool_downs", "the list is empty", `it should hold at least one wait, like ["30s", "60s", "120s"]`)
	}
	if len(s.PerDestination) == 0 {
		k.say("sending.per_destination", "the list is empty", `it should hold at least one limit, like ["5/10m", "10/1h", "20/24h"]`)
	}
	if !slices.IsSorted(s.CoolDowns) {
		k.say("sending.cool_downs", "they do not grow", `each wait should be at least as long as the one before, like ["30s", "60s", "120s"]`)
	}
}

// rules of sending each need a name of their own, by which they are reported.
func (k *checker) rules() {
	names := map[string]bool{}
	for i, r := range k.c.Sending.Rules {
		key := fmt.Sprintf("sending.rules[%d]", i)
		switch {
		case !ruleName.MatchString(r.Name):
			k.say(key+".name", "this is "+strconv.Quote(r.Name), `it should be a word of small letters, digits and dashes, like "strict"`)
		case names[r.Name]:
			k.say(key+".name", "another rule has the name "+strconv.Quote(r.Name), "give each a name of its own")
		case len(r.Countries)+len(r.PerDestination)+r.PrefixFloor == 0 && r.PerAddress.N == 0 && r.PrefixShare == 0 && r.UnconfirmedPot == 0:
			k.say(key, "it limits nothing", "give it a limit, like prefix_floor = 5")
		}
		names[r.Name] = true
		k.countries(key+".countries", r.Countries)
	}
}

var ruleName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

func (k *checker) countries(key string, list []string) {
	for i, c := range list {
		if phone.Calling(c) == "" || c != strings.ToUpper(c) {
			k.say(fmt.Sprintf("%s[%d]", key, i), "this is "+strconv.Quote(c), `it should be two capital letters (ISO 3166-1), like "GB"`)
		}
	}
}

func (k *checker) relations() {
	c := k.c
	if c.Session.Idle > c.Session.Life {
		k.say("session.idle", "it is longer than session.life", "it should be at most "+showDuration(c.Session.Life))
	}
	if c.Operator.Idle > c.Operator.Life {
		k.say("operator.idle", "it is longer than operator.life", "it should be at most "+showDuration(c.Operator.Life))
	}
	if l := c.Limits; l.PasswordNotice > l.PasswordWaits || l.PasswordWaits > l.PasswordLink {
		k.say("limits.password_waits_from", "the three limits of wrong passwords are out of order", "notice, waits and link should grow, like 5, 10, 100")
	}
	if c.Limits.FactorFree >= c.Limits.FactorOff {
		k.say("limits.factor_failures_free", "it is not below limits.factor_off_at", "it should be smaller, like 10 and 100")
	}
}

// Prefix reads a network, or an address as a network of one.
func Prefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

// Loopback says whether a host name or address is this machine's own.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.IsLoopback()
}

func within(folder, path string) bool {
	a, err1 := filepath.Abs(folder)
	b, err2 := filepath.Abs(path)
	if err1 != nil || err2 != nil {
		return false
	}
	rel, err := filepath.Rel(a, b)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func quoted(words []string) string {
	words = slices.Clone(words)
	for i, w := range words {
		words[i] = strconv.Quote(w)
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
