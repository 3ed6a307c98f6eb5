package wording

var portugueseTeam = book{}
