package house

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// riskTimeout bounds one question; a code waits for the answer.
const riskTimeout = 2 * time.Second

// numberRisk asks the operator's service whether a number was swapped or ported lately (B14); nil without one.
func numberRisk(address string) func(context.Context, string) (bool, error) {
	if address == "" {
		return nil
	}
	client := &http.Client{Timeout: riskTimeout}
	return func(ctx context.Context, number string) (bool, error) {
		question, _ := json.Marshal(map[string]string{"number": number}) // a string always encodes
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(question))
		if err != nil {
			return false, err
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			return false, err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return false, fmt.Errorf("the service for number risks answered %s", answer.Status)
		}
		var a struct {
			Risky *bool `json:"risky"`
		}
		if err := json.NewDecoder(io.LimitReader(answer.Body, 1<<16)).Decode(&a); err != nil || a.Risky == nil {
			return false, fmt.Errorf("the service for number risks should answer {\"risky\":true} or false (%v)", err)
		}
		return *a.Risky, nil
	}
}
