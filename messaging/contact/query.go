package contact

// Sort is an order of contacts.
type Sort string

const (
	ByName   Sort = "name"   // as people sort names: no capitals, no accents; those without a name first
	ByNumber Sort = "number" // not within a list
	Newest   Sort = "newest"
	Oldest   Sort = "oldest"
)

// PageSize is how many contacts a page has when Query does not say; MaxPage the most.
const (
	PageSize = 50
	MaxPage  = 200
)

// Query says which page of which contacts (CL19).
type Query struct {
	List ListID // empty: all contacts
	// Search finds whole numbers, and four digits or more with which one begins or ends; whole addresses, and what they or
	// their words begin with; and contacts of which some word of the name, the address, the further fields or the notes
	// begins with it. Several words must all begin some word of the contact. Those whose name begins with the rarest
	// word come first, by name; Sort does not count.
	Search string
	Sort   Sort // empty: ByName
	// After and Before are marks of a Page: the page behind it or in front of it. Both empty: the first page.
	After, Before string
	Limit         int    // 1 to MaxPage; 0: PageSize
	Country       string // two letters, to read a number in Search
}

// Page is a page of contacts. Marks are empty where nothing follows or precedes. A page of a search may be short, even
// empty, and yet have an After: it stopped looking so as to answer in time.
type Page struct {
	Contacts []Contact
	After    string
	Before   string
	Total    int64 // of the list, or of all; -1 for searches, which are not counted
}
