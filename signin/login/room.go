package login

import (
	"watchword/signin/proof"
	"watchword/signin/session"
)

// Room is put together once, at the start.
type Room struct {
	Proofs   *proof.Desk
	Sessions *session.Book
	Settings Settings
}
