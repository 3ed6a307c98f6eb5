package phone

import (
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// recents remembers answers of the last numbers: one code reads its number half a dozen times (start, text, page,
// check), and the tables are slow. When it is full it begins anew.
type recents[K comparable, V any] struct {
	mu sync.Mutex
	by map[K]V
}

const recentMost = 2048

func (r *recents[K, V]) get(k K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.by[k]
	return v, ok
}

func (r *recents[K, V]) put(k K, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil || len(r.by) >= recentMost {
		r.by = map[K]V{}
	}
	r.by[k] = v
}

// The keys are what was asked: a text, or a number, and a country.
type (
	readKey  struct{ input, country string }
	groupKey struct {
		number Number
		home   string
	}
)

var (
	readBefore    recents[readKey, Number]
	groupedBefore recents[groupKey, []string]
	parsedBefore  recents[string, *phonenumbers.PhoneNumber]
)
