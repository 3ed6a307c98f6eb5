package look

// Link is a place to go to.
type Link struct {
	Label, Href string
}

// Tab is one of a page's siblings.
type Tab struct {
	Label, Href string
	Current     bool
}

// SignedOut is the frame of one centred card, 480 wide: log-in, register,
// enter a code. Title is the heading; Lead, a sentence below it (string or
// Component), may be left out.
type SignedOut struct {
	Title string
	Lead  any
	// Problem says that the page comes back with errors: the tab's title
	// begins with "Error", which screen readers read first.
	Problem bool
	// Strip is a line above everything, such as "Staging: times are simulated".
	Strip string
	// Wide makes the card 640 wide, for texts such as the terms.
	Wide bool
	// Captcha loads the widget of the Captcha component.
	Captcha bool
	// LogOut is where a log-out link at the foot posts to, for pages without
	// the navigation; "" leaves it out.
	LogOut string
}

func (f SignedOut) frame() (string, string) { return "signed-out", tab(f.Title, f.Problem) }

// Bare is only the head and the body: for printing and for tests.
type Bare struct {
	Title string
}

func (f Bare) frame() (string, string) { return "bare", tab(f.Title, false) }

// SignedIn is the frame with top bar, navigation and sheet. The heading, the
// crumbs above it, the sentence below it, the actions beside it and the tabs
// are drawn by the frame; the page's template is what follows.
type SignedIn struct {
	Title  string
	Lead   any
	Crumbs []Link
	// Mark stands beside the title.
	Mark *Mark
	// Actions stand right of the title, the filled one last.
	Actions []Component
	Tabs    []Tab
	Problem bool
	// Strip is a line above everything, such as "Staging: times are simulated".
	Strip string
	// Flash tells once what the last act did.
	Flash *Flash
	// Banner is the one notice at the top of the page.
	Banner *Banner

	Nav    []NavItem
	Switch Switcher
	Person Person
	// LastLogin says when, where and how: "Today 08:41, Leeds", "SMS code, this device".
	LastLogin []string
}

func (f SignedIn) frame() (string, string) { return "signed-in", tab(f.Title, f.Problem) }

// NavItem is one place of the navigation on the left.
type NavItem struct {
	Label, Href, Icon string
	// Count is shown when above nought: what waits there.
	Count   int
	Current bool
}

// Switcher shows the organisation one is in and leads to the others. With
// Place set (such as "Operator console") there is nothing to choose.
type Switcher struct {
	Place   string
	Icon    string
	Current string
	// Others are posted as "organisation" to Action.
	Others []Organisation
	Action string
	// Links follow the list: "All organisations", "Create an organisation".
	Links []Link
}

// Organisation is one choice of the switcher.
type Organisation struct {
	ID, Name string
}

// Person is who is logged in.
type Person struct {
	Name string
	// Note is a second line in the menu, such as the email address.
	Note  string
	Links []Link
	// LogOut is where the log-out button posts to; "" leaves it out.
	LogOut string
}

func tab(title string, problem bool) string {
	if problem {
		title = "Error: " + title
	}
	return title + " – Watchword"
}
