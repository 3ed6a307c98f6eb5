package factor

import (
	"strconv"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/code/challenge"
)

// Closed says whether a budget forbids a try now, and the verdict if so.
func (m *Room) Closed(tx *store.Tx, b budget.Status) (challenge.Verdict, bool) {
	switch {
	case b.Off:
		return challenge.Verdict{Reason: challenge.SwitchedOff}, true
	case b.NextAt > tx.Now:
		return challenge.Verdict{Reason: challenge.Wait, RetryAt: b.NextAt}, true
	}
	return challenge.Verdict{}, false
}

// Fail counts a wrong code of a kind and writes it down.
func (m *Room) Fail(tx *store.Tx, who access.Actor, p id.Profile, k Kind, b budget.Status) (challenge.Verdict, error) {
	after, err := m.Budget.Fail(tx, id.System, string(p), b)
	if err != nil {
		return challenge.Verdict{}, err
	}
	v := challenge.Verdict{Reason: challenge.Wrong, TriesLeft: int(after.Left), JustSwitchedOff: after.Off && !b.Off}
	switch {
	case after.Off:
		v.Reason, v.TriesLeft = challenge.SwitchedOff, 0
	case after.NextAt > tx.Now:
		v.RetryAt = after.NextAt
	}
	e := failed(k, map[string]string{"kind": string(k), "in_a_row": strconv.FormatInt(after.Failures, 10)})
	return v, m.Log.Record(tx, who, e, string(p))
}

// Problem puts a verdict on an authenticator code into words at the field "code".
func Problem(v challenge.Verdict, now int64) *problem.Error {
	switch v.Reason {
	case challenge.Wrong:
		return problem.AtField("code", "code_wrong", "That code is not right. Enter the newest code of your authenticator app.")
	case challenge.Used:
		return problem.AtField("code", "code_used", "That code was used already. Wait for the next one in your authenticator app.")
	}
	return v.Problem(now)
}
