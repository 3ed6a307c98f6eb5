package wording

var germanTeam = book{}
