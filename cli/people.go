package cli

import (
	"context"

	"watchword/base/config"
	"watchword/house"
	"watchword/simulator"
)

// people prints how to use the demo.
func (d *demoCommand) people(ctx context.Context, t *Terminal, h *house.House, c *config.Config, sim *simulator.Simulator) error {
	t.say("Watchword           %s\nPhones and mailbox  %s\nStop with Ctrl-C.", c.BaseURL, sim.URL())
	return nil
}
