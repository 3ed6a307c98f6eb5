package contact

// Small makes runs and pieces so small that few rows make many of them.
func (r *Room) Small() { r.bounds = bounds{100, 1 << 20, 100, 1 << 20, 3000} }

// For tests of the parts.
var (
	GuardCell = guardCell
	Unguard   = unguard
	Fold      = fold
)

// Quick reads a number the quick way.
func Quick(s, country string) (string, bool) { return quick(s, plansByCountry[country]) }

// Spread takes back what a spreadsheet made of a number.
func Spread(s string) (string, bool) { return unspread(s) }
