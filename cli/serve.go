package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"watchword/house"
)

type serveCommand struct {
	withConfig
	Staging   bool   `help:"Staging: only on a database that was first started so. Every page says it."`
	Simulator string `help:"With --staging: follow the clock of the simulator at this address." placeholder:"URL"`
}

// Validate refuses a simulator that nothing would follow.
func (s *serveCommand) Validate() error {
	if s.Simulator == "" {
		return nil
	}
	if !s.Staging {
		return errors.New("--simulator goes with --staging only")
	}
	if u, err := url.Parse(s.Simulator); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("--simulator is %q; it should be the address of the simulator's page, like http://127.0.0.1:8081", s.Simulator)
	}
	s.Simulator = strings.TrimRight(s.Simulator, "/")
	return nil
}

// Run serves until it is told to stop.
func (s *serveCommand) Run(ctx context.Context, t *Terminal) error {
	begin := time.Now()
	c, err := s.load()
	if err != nil {
		return err
	}
	c.Staging = s.Staging
	log := house.NewLog(t.Err, c.Log)
	h, err := house.Open(ctx, c, house.Outside{Log: log})
	if err != nil {
		return err
	}
	defer h.Close()
	h.Opened(func() error {
		log.Info("serving", "address", c.BaseURL, "listen", c.Listen, "database", h.DB.Engine(), "version", version(), "after", time.Since(begin).String())
		return firstOperator(ctx, t, h)
	})
	if s.Staging && s.Simulator != "" {
		go h.Follow(ctx, s.Simulator)
	}
	if err = h.Run(ctx); err == nil {
		log.Info("stopped")
	}
	return err
}
