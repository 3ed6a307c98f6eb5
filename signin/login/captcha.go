package login

import (
	"context"

	"watchword/base/store"
)

// solved says whether a posted solution is right; none is none.
func (r *Room) solved(ctx context.Context, db *store.DB, solution string) (bool, error) {
	return false, nil
}
