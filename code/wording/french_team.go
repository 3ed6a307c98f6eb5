package wording

var frenchTeam = book{}
