package contacts_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// inject collects what the policy refused and what went wrong in a script, and gives pages to the test as a person finds
// them: fields by their labels, buttons by their words.
const inject = `window.__wrong = [];
document.addEventListener("securitypolicyviolation", e => __wrong.push("policy: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", e => __wrong.push("script: " + e.message));
addEventListener("unhandledrejection", e => __wrong.push("promise: " + e.reason));
window.__fill = (label, value) => { for (const l of document.querySelectorAll("main label")) if (l.textContent.trim().startsWith(label) && l.htmlFor) {
  const f = document.getElementById(l.htmlFor); if (f.type === "checkbox" || f.type === "radio") f.checked = true; else f.value = value;
  f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); return; } throw "no field " + label; };
window.__press = words => { for (const b of [...document.querySelectorAll("main button"), ...document.querySelectorAll("main a")]) if (b.textContent.trim().startsWith(words) && b.checkVisibility()) { window.__old = true; setTimeout(() => b.click()); return; } throw "no button " + words + " in " + document.body.innerText; };`

// axeRun gives one line for each serious or critical finding.
const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
  .filter(v => v.impact === "serious" || v.impact === "critical")
  .map(v => v.impact + " " + v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.any[0] ? n.any[0].message : "")).join(" | ")))`

// walker is a person at a real browser that reaches the house by its configured name.
type walker struct {
	t                    *testing.T
	ctx                  context.Context
	axe, files, pictures string
}

func (h *house) walker(t *testing.T) *walker {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("left out: Chromium is missing; install the package chromium to see the pages checked")
	}
	w := &walker{t: t, files: t.TempDir(), pictures: os.Getenv("WATCHWORD_PICTURES")}
	text, err := os.ReadFile("../look/thirdparty/node_modules/axe-core/axe.min.js")
	if err != nil && os.Getenv("WATCHWORD_TEST_ALL") != "" {
		t.Fatal("axe-core is missing: npm --prefix web/look/thirdparty ci")
	}
	w.axe = string(text)
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("host-resolver-rules", "MAP login.example.com:443 "+h.server.Listener.Addr().String())}
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	w.ctx = ctx
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: inject}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: "allow", DownloadPath: w.files}); err != nil {
		t.Fatal(err)
	}
	w.view(1280, 800, "light")
	return w
}

func get[T any](w *walker, script string) T {
	w.t.Helper()
	v, err := chromedp.Run(w.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v", script, err)
	}
	return v
}

func (w *walker) do(script string) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.Evaluate[chromedp.Void](script)); err != nil {
		w.t.Fatalf("%s: %v", script, err)
	}
}

func (w *walker) where() string { return get[string](w, `location.pathname`) }
func (w *walker) words() string { return get[string](w, `document.querySelector("main").innerText`) }

func (w *walker) open(path string) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.Navigate("https://login.example.com"+path)); err != nil {
		w.t.Fatalf("%s: %v", path, err)
	}
}

func (w *walker) fill(label, value string) {
	w.t.Helper()
	a, _ := json.Marshal(label)
	b, _ := json.Marshal(value)
	w.do(fmt.Sprintf("__fill(%s, %s)", a, b))
}

// press presses a button and waits for the page that it leads to.
func (w *walker) press(label string) {
	w.t.Helper()
	a, _ := json.Marshal(label)
	w.do(fmt.Sprintf("__press(%s)", a))
	w.turned()
}

// enter types a code: its field sends the form by itself.
func (w *walker) enter(code string) {
	w.t.Helper()
	w.do(`window.__old = true`)
	w.fill("Code", code)
	w.turned()
}

func (w *walker) turned() {
	w.t.Helper()
	w.wait(`!window.__old && document.readyState === "complete"`)
}

// wait waits until a condition of the page holds, without loading it again.
func (w *walker) wait(condition string) {
	w.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		done, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](condition))
		if err == nil && done {
			return
		}
	}
	w.t.Fatalf("never %s at %s:\n%s", condition, w.where(), w.words())
}

func (w *walker) says(words ...string) {
	w.t.Helper()
	text := w.words()
	for _, x := range words {
		if !strings.Contains(text, x) {
			w.t.Fatalf("%s does not say %q:\n%s", w.where(), x, text)
		}
	}
}

func (w *walker) view(width, height int64, scheme string) {
	w.t.Helper()
	viewport := chromedp.EmulateViewport(width, height, func(m *emulation.SetDeviceMetricsOverrideParams, touch *emulation.SetTouchEmulationEnabledParams) {
		m.DeviceScaleFactor, m.Mobile = 1.5, width < 500
		touch.Enabled = width < 500
	})
	media := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	})
	if err := chromedp.Do(w.ctx, viewport, media); err != nil {
		w.t.Fatal(err)
	}
}

// check looks at the page on a desk and a phone, light and dark: it is never wider than its window, nothing was refused
// by the policy, and axe-core finds nothing serious. With WATCHWORD_PICTURES it keeps the pictures.
func (w *walker) check(name string) {
	w.t.Helper()
	for _, v := range []struct {
		name          string
		width, height int64
		scheme        string
	}{{"", 1280, 800, "light"}, {"-dark", 1280, 800, "dark"}, {"-phone", 390, 844, "light"}, {"-phone-dark", 390, 844, "dark"}, {"-narrow", 320, 640, "light"}} {
		w.view(v.width, v.height, v.scheme)
		size := get[[]int64](w, `document.fonts.ready.then(() => new Promise(r => setTimeout(() => r([document.documentElement.scrollWidth, document.documentElement.scrollHeight]), 60)))`)
		if size[0] > v.width {
			w.t.Errorf("%s%s is %d wide", name, v.name, size[0])
		}
		if w.axe != "" && v.width > 1000 {
			w.do(w.axe)
			for _, line := range get[[]string](w, axeRun) {
				w.t.Errorf("%s%s: %s", name, v.name, line)
			}
		}
		if w.pictures != "" && v.name != "-narrow" {
			w.view(v.width, max(v.height, min(size[1], 3000)), v.scheme)
			picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				w.t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(w.pictures, name+v.name+".png"), picture, 0o600); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	for _, line := range get[[]string](w, `window.__wrong`) {
		w.t.Errorf("%s: %s", name, line)
	}
	w.view(1280, 800, "light")
}
