package cli

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"watchword/base/config"
	"watchword/base/phone"
	"watchword/house"
	"watchword/simulator"
)

type simulatorCommand struct {
	Listen   string   `help:"Address of the page and the JSON interface." default:"127.0.0.1:8081"`
	SMPP     string   `help:"Address of the SMSC." name:"smpp" default:"127.0.0.1:2775"`
	SMTP     string   `help:"Address of the mail server." name:"smtp" default:"127.0.0.1:2525"`
	SystemID string   `help:"What binds must present; empty accepts any." name:"system-id"`
	Password string   `help:"The password of binds." env:"WATCHWORD_SIMULATOR_PASSWORD"`
	Host     []string `help:"Further host names that the page answers to."`
	Home     string   `help:"Country whose numbers may be written without a country code." default:"GB"`
	Verbose  bool     `help:"Log what happens." short:"v"`
}

// Validate refuses a country that no number belongs to.
func (s *simulatorCommand) Validate() error {
	if s.Home = strings.ToUpper(s.Home); phone.Calling(s.Home) == "" {
		return fmt.Errorf("--home is %q; it should be two letters (ISO 3166-1), like GB", s.Home)
	}
	return nil
}

// Run serves until it is told to stop.
func (s *simulatorCommand) Run(ctx context.Context, t *Terminal) error {
	level := slog.LevelWarn
	if s.Verbose {
		level = slog.LevelInfo
	}
	sim, err := simulator.Start(simulator.Options{HTTP: s.Listen, SMPP: s.SMPP, SMTP: s.SMTP, Hosts: s.Host, SystemID: s.SystemID,
		Password: s.Password, Home: s.Home, Log: house.NewLog(t.Err, config.Log{Level: level, Format: "text"})})
	if err != nil {
		return err
	}
	t.say("Phones and mailbox  %s\nSMSC (SMPP 3.4)     %s\nMail server (SMTP)  %s\nStop with Ctrl-C.", sim.URL(), sim.SMPP(), sim.SMTP())
	<-ctx.Done()
	return sim.Close()
}
