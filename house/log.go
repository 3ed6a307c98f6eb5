package house

import (
	"io"
	"log/slog"

	"watchword/base/config"
)

// NewLog makes the program's log. What is logged never holds codes, tokens, passwords or whole phone numbers: callers
// see to that, and a test searches for them.
func NewLog(w io.Writer, c config.Log) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}
