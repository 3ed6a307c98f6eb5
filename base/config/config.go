// Package config reads the one configuration file. Everything but the addresses has a safe default; a mistake is
// reported with its file, line and key, what is wrong and what would be right, all mistakes at once, before anything
// starts.
package config

import (
	"log/slog"
	"time"
)

// Config is the whole configuration. The tags min and max bound a value, one lists the allowed words, file marks the
// path of a file that must be readable, and secret a value that is never shown. The sample file explains each key.
type Config struct {
	BaseURL       string   `toml:"base_url"`
	Listen        string   `toml:"listen"`
	Database      string   `toml:"database" secret:"database"`
	DatabaseConns int      `toml:"database_connections" min:"0" max:"1000"`
	Data          string   `toml:"data"`
	KeyRing       string   `toml:"key_ring"`
	Name          string   `toml:"name"`
	HomeCountry   string   `toml:"home_country"`
	TermsFile     string   `toml:"terms_file" file:"read"`
	PrivacyFile   string   `toml:"privacy_file" file:"read"`
	PlacesFile    string   `toml:"mmdb_file" file:"read"`
	Support       string   `toml:"support"`
	Proxies       []string `toml:"trusted_proxies"`

	TLS      TLS       `toml:"tls"`
	Mail     Mail      `toml:"mail"`
	Carriers []Carrier `toml:"carriers"`
	Codes    Codes     `toml:"codes"`
	Sending  Sending   `toml:"sending"`
	Session  Session   `toml:"session"`
	Links    Links     `toml:"links"`
	Password Password  `toml:"password"`
	Limits   Limits    `toml:"limits"`
	Operator Operator  `toml:"operator"`
	Audit    Audit     `toml:"audit"`
	Metrics  Metrics   `toml:"metrics"`
	Log      Log       `toml:"log"`

	// Demo allows what only the demonstration may: plain HTTP on loopback and keys beside the data.
	Demo bool `toml:"-"`
	// Staging marks an installation whose clock the simulator may move.
	Staging bool `toml:"-"`
	// Path is the file it was read from.
	Path string `toml:"-"`

	lines map[string]int // on which line of the file each key stands
}

// TLS says who encrypts the connections of browsers.
type TLS struct {
	Mode        string   `toml:"mode" one:"auto files proxy none"`
	Domains     []string `toml:"domains"`
	Email       string   `toml:"email"`
	Directory   string   `toml:"directory"`
	Storage     string   `toml:"storage"`
	Certificate string   `toml:"certificate" file:"read"`
	Key         string   `toml:"key" file:"read"`
	ListenHTTP  string   `toml:"listen_http"`
}

// Mail is the way out for e-mail.
type Mail struct {
	Host         string        `toml:"host"`
	Port         int           `toml:"port" min:"1" max:"65535"`
	TLS          string        `toml:"tls" one:"starttls implicit none"`
	CAFile       string        `toml:"ca_file" file:"read"`
	User         string        `toml:"user"`
	PasswordFile string        `toml:"password_file" file:"read"`
	PasswordEnv  string        `toml:"password_env"`
	From         string        `toml:"from"`
	FromName     string        `toml:"from_name"`
	ReplyTo      string        `toml:"reply_to"`
	Hello        string        `toml:"hello"`
	Timeout      time.Duration `toml:"timeout" min:"1s" max:"10m"`
	Connections  int           `toml:"connections" min:"1" max:"100"`
	Keep         time.Duration `toml:"keep" min:"24h" max:"87600h"`
}

// Codes are the one-time codes.
type Codes struct {
	SMSLife   time.Duration `toml:"sms_life" min:"1m" max:"10m"`
	EmailLife time.Duration `toml:"email_life" min:"1m" max:"10m"`
	Tries     int           `toml:"tries" min:"1" max:"10"`
}

// Sending is the guard over everything that leaves.
type Sending struct {
	Countries       []string        `toml:"countries"`
	PricePerSegment Money           `toml:"price_per_segment" min:"0" max:"100"`
	UnconfirmedPot  Money           `toml:"unconfirmed_pot" min:"0" max:"1000000"`
	ConfirmedPot    Money           `toml:"confirmed_pot" min:"0" max:"1000000"`
	PerDestination  []Limit         `toml:"per_destination"`
	PerAddress      Limit           `toml:"per_address"`
	PrefixFloor     int             `toml:"prefix_floor" min:"0" max:"1000000"`
	PrefixShare     float64         `toml:"prefix_share" min:"0" max:"1"`
	CoolDowns       []time.Duration `toml:"cool_downs" min:"0s" max:"1h"`
	CoolDownMemory  time.Duration   `toml:"cool_down_memory" min:"1m" max:"24h"`
	NumberRisk      string          `toml:"number_risk"`
	Rules           []SendingRule   `toml:"rules"`
}

// SendingRule is a named set of limits that holds beside those of [sending], or is only tried: what is left out limits
// nothing.
type SendingRule struct {
	Name           string   `toml:"name"`
	DryRun         bool     `toml:"dry_run"`
	Countries      []string `toml:"countries"`
	PerDestination []Limit  `toml:"per_destination"`
	PerAddress     Limit    `toml:"per_address"`
	PrefixFloor    int      `toml:"prefix_floor" min:"0" max:"1000000"`
	PrefixShare    float64  `toml:"prefix_share" min:"0" max:"1"`
	UnconfirmedPot Money    `toml:"unconfirmed_pot" min:"0" max:"1000000"`
}

// Session is a logged-in browser.
type Session struct {
	Life        time.Duration `toml:"life" min:"5m" max:"24h"`
	Idle        time.Duration `toml:"idle" min:"1m" max:"24h"`
	UnusedAfter time.Duration `toml:"unused_after" min:"720h" max:"87600h"`
}

// Links are the links in mails.
type Links struct {
	Verify time.Duration `toml:"verify" min:"10m" max:"168h"`
	Reset  time.Duration `toml:"reset" min:"5m" max:"24h"`
	Cancel time.Duration `toml:"cancel" min:"1h" max:"168h"`
	Help   time.Duration `toml:"help" min:"168h" max:"365d"`
}

// Password is what a password must be and what its hash costs.
type Password struct {
	Minimum    int    `toml:"minimum" min:"8" max:"64"`
	BreachList string `toml:"breach_list" file:"read"`
	MemoryKiB  int    `toml:"argon2_memory_kib" min:"19456" max:"4194304"`
	Passes     int    `toml:"argon2_passes" min:"1" max:"100"`
	Slots      int    `toml:"argon2_slots" min:"0" max:"256"`
	Queue      int    `toml:"argon2_queue" min:"1" max:"100000"`
}

// Limits are the limits that are not about sending.
type Limits struct {
	CaptchaHere        int           `toml:"captcha_after_sign_ups_an_hour" min:"0" max:"1000000"`
	CaptchaAll         int           `toml:"captcha_after_all_sign_ups_in_ten_minutes" min:"0" max:"1000000"`
	HeldAnHour         int           `toml:"held_mails_an_hour" min:"0" max:"1000000"`
	LoginPerAddress    Limit         `toml:"login_failures_per_address"`
	PasswordNotice     int           `toml:"password_notice_at" min:"1" max:"100"`
	PasswordWaits      int           `toml:"password_waits_from" min:"1" max:"100"`
	PasswordLink       int           `toml:"password_link_at" min:"10" max:"100"`
	RecognisedFailures int           `toml:"recognised_failures" min:"1" max:"100"`
	FactorFree         int           `toml:"factor_failures_free" min:"1" max:"50"`
	FactorMaxWait      time.Duration `toml:"factor_max_wait" min:"1m" max:"24h"`
	FactorOff          int           `toml:"factor_off_at" min:"10" max:"100"`
	YoungNumber        time.Duration `toml:"young_number" min:"0s" max:"720h"`
	TwoFactorGrace     time.Duration `toml:"two_factor_grace" min:"24h" max:"365d"`
	ConfirmingTexts    int           `toml:"confirming_texts_a_day" min:"1" max:"1000000"`
	Invitations        int           `toml:"invitations_a_day" min:"1" max:"1000000"`
	InvitationsOpen    int           `toml:"invitations_open" min:"1" max:"1000"`
	InvitedAnHour      int           `toml:"invitations_per_address_an_hour" min:"1" max:"1000"`
	InvitedADay        int           `toml:"invitations_per_address_a_day" min:"1" max:"1000"`
	ResetMails         int           `toml:"reset_mails_an_hour" min:"1" max:"1000"`
	ResetMailsADay     int           `toml:"reset_mails_a_day" min:"1" max:"1000"`
	ResetAsks          int           `toml:"reset_requests_per_address_an_hour" min:"1" max:"1000000"`
	NumberWaits        time.Duration `toml:"number_waits" min:"5m" max:"1h"`
	FirstFactor        time.Duration `toml:"first_factor" min:"1m" max:"1h"`
	HelpAnHour         int           `toml:"help_requests_per_address_an_hour" min:"1" max:"1000"`
	HelpADay           int           `toml:"help_requests_per_address_a_day" min:"1" max:"1000"`
	HelpMails          int           `toml:"help_mails_an_hour" min:"1" max:"1000"`
	HelpStarts         int           `toml:"help_starts_a_day" min:"1" max:"100"`
	HelpDelay          time.Duration `toml:"help_delay" min:"24h" max:"168h"`
}

// Operator is how those who host the installation are made and log in.
type Operator struct {
	Token    time.Duration `toml:"token" min:"10m" max:"168h"`
	Setup    time.Duration `toml:"setup" min:"5m" max:"24h"`
	Pending  time.Duration `toml:"pending" min:"1m" max:"1h"`
	Life     time.Duration `toml:"life" min:"5m" max:"24h"`
	Idle     time.Duration `toml:"idle" min:"1m" max:"24h"`
	Tries    int           `toml:"tries_in_15_minutes" min:"1" max:"100"`
	TriesDay int           `toml:"tries_a_day" min:"1" max:"1000"`
	Young    time.Duration `toml:"young" min:"24h" max:"720h"`
	Mails    int           `toml:"address_mails_an_hour" min:"1" max:"100"`
}

// Audit is the audit log.
type Audit struct {
	Keep time.Duration `toml:"keep" min:"720h" max:"87600h"`
}

// Metrics is the Prometheus listener; empty switches it off.
type Metrics struct {
	Listen string `toml:"listen"`
}

// Log is what the program says on standard error.
type Log struct {
	Level  slog.Level `toml:"level"`
	Format string     `toml:"format" one:"json text"`
}

// Default is the configuration with every default of security.md part 3 and decisions 14 to 19; base_url, key_ring and
// mail are left to the operator.
func Default() *Config {
	return &Config{
		Listen: ":443", Data: "/var/lib/watchword", Name: "Watchword", HomeCountry: "GB",
		TLS:   TLS{Mode: "auto", ListenHTTP: ":80"},
		Mail:  Mail{Port: 587, TLS: "starttls", FromName: "Watchword", Timeout: 30 * time.Second, Connections: 2, Keep: 30 * day},
		Codes: Codes{SMSLife: 5 * time.Minute, EmailLife: 10 * time.Minute, Tries: 5},
		Sending: Sending{
			PricePerSegment: 100_000, UnconfirmedPot: 20_000_000, ConfirmedPot: 200_000_000,
			PerDestination: []Limit{{5, 10 * time.Minute}, {10, time.Hour}, {20, 24 * time.Hour}},
			PerAddress:     Limit{10, time.Hour}, PrefixFloor: 10, PrefixShare: 0.2,
			CoolDowns:      []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute},
			CoolDownMemory: 10 * time.Minute,
		},
		Session: Session{Life: 24 * time.Hour, Idle: time.Hour, UnusedAfter: 365 * day},
		Links:   Links{Verify: 24 * time.Hour, Reset: 30 * time.Minute, Cancel: 72 * time.Hour, Help: 30 * day},
		Password: Password{Minimum: 15,
			MemoryKiB: 19456, Passes: 2, Queue: 256},
		Limits: Limits{
			CaptchaHere: 3, CaptchaAll: 30, HeldAnHour: 60,
			LoginPerAddress: Limit{20, time.Hour}, PasswordNotice: 5, PasswordWaits: 10, PasswordLink: 100, RecognisedFailures: 10,
			FactorFree: 10, FactorMaxWait: time.Hour, FactorOff: 100, YoungNumber: 72 * time.Hour,
			TwoFactorGrace: 90 * day, ConfirmingTexts: 100, Invitations: 200, InvitationsOpen: 500, InvitedAnHour: 5, InvitedADay: 10,
			ResetMails: 5, ResetMailsADay: 10, ResetAsks: 20, NumberWaits: 15 * time.Minute, FirstFactor: 15 * time.Minute,
			HelpAnHour: 5, HelpADay: 20, HelpMails: 10, HelpStarts: 3, HelpDelay: 72 * time.Hour,
		},
		Operator: Operator{Token: 24 * time.Hour, Setup: 30 * time.Minute, Pending: 10 * time.Minute, Life: 12 * time.Hour, Idle: 30 * time.Minute,
			Tries: 5, TriesDay: 30, Young: 72 * time.Hour, Mails: 5},
		Audit: Audit{Keep: 400 * day},
		Log:   Log{Format: "json"},
	}
}

const day = 24 * time.Hour
