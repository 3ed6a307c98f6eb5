package reset

import (
	"watchword/signin/proof"
)

// Room is put together once, at the start.
type Room struct {
	Proofs   *proof.Desk
	Settings Settings
}
