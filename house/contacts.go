package house

import (
	"context"

	"watchword/messaging/contact"
	"watchword/web/contacts"
	"watchword/web/person/frame"
)

// contacts makes the room of whom organisations write to.
func (h *House) contacts() {
	h.Rooms.Contacts = contact.New(contact.Options{Ring: h.Ring, Log: h.Audit, Post: h.Rooms.Post, Product: h.Config.Name, Faults: h.Log, Settings: contact.Defaults()})
}

func (h *House) contactPages(desk *frame.Desk) {
	contacts.Mount(h.Door, desk, contacts.Rooms{Contacts: h.Rooms.Contacts, Home: h.Config.HomeCountry})
}

// contactLoop works on files that are brought in and taken out.
func (h *House) contactLoop(ctx context.Context) error { return h.Rooms.Contacts.Run(ctx, h.DB) }
