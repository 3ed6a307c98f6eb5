package team_test

import (
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves OU2, OU14: the only owner is told at once that leaving is refused, and where ownership is handed over.
func TestOnlyOwnerCannotLeave(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, _, _ := h.owner("maya", "Harbour Dental")
		owner.Get("/settings/organisation/leave")
		at(t, owner, "/settings/organisation/leave", 200)
		says(t, owner, "you are the only owner", "Hand ownership over")
		if owner.Page.Has(`main form[action$="/leave"]`) {
			t.Error("leaving is offered all the same")
		}
		owner.Follow("Hand ownership over")
		at(t, owner, "/settings/users", 200)
	})
}
