package secret

import "fmt"

// IDs lists the keys of the ring as 8 hex digits each, the current one last.
func (r *Ring) IDs() []string {
	out := make([]string, len(r.order))
	for i, id := range r.order {
		out[i] = fmt.Sprintf("%08x", id)
	}
	return out
}
