package house

import (
	"errors"
	"log/slog"

	"watchword/base/config"
	"watchword/gateway/sms"
)

func httpRoute(r sms.Route, k config.Carrier, log *slog.Logger) (sms.Route, error) {
	return r, errors.New("HTTP carriers are not part of this version; use kind = \"smpp\"")
}
