/// Every text of the dashboard. A phrase has both languages, or doesn't compile.
enum Phrase: String, CaseIterable, Hashable, Sendable {
  case overview, alerts, rules, tenants, syncs, silences, channels, history, audit, skip, menu, theme, keys, close
  case signIn, signOut, signInWords, signInNoScript, token, keyFilter, keyMove, keyOpen, keyLeave, asOf, never
  case timeAgo, timeAhead, unitSeconds, unitMinutes, unitHours, unitDays, sync, health, repository, reachable
  case unreachable, failingSince, noneSeen, timeline, timelineWords, timelineQuiet, heldScopes, firingNow
  case recentPages, recentChanges, showAll, andMore, nothingFires, nothingFits, nothingSent, noSyncs, noTenants
  case noRules, noSilences, noChannels, noHistory, noAudit, noResources, noFields, noRoute, noGroup, nothingQuiets
  case nothingElse, pendingCount, silencedCount, inhibitedCount, unroutedCount, ruleCount, channelCount
  case sourceCount, tenantCount, alertCount, deliveryAlerts, attempt, arrived, created, updated, moved, deleted
  case noChanges, firing, pending, resolved, inactive, disabled, recording, failing, silenced, inhibited, muted
  case unrouted, critical, errorLevel, warningLevel, infoLevel, otherLevel, errorWord, warningWord, synced
  case progressing, partial, held, outOfSync, suspended, unknown, healthy, degraded, validationFailed
  case notAuthorised, guardTripped, historyRewritten, stillReferenced, dependencyHeld, delivered, rejected
  case throttled, notReached, observed, heldBack, silenceActive, silencePending, silenceExpired, triggerStartup
  case triggerPoll, triggerWebhook, triggerSignal, triggerRetry, scope, revision, standing, findings, fix, note
  case projects, resources, appliedRevision, desiredRevision, folder, owner, contents, wayBack, filter, filterHint
  case alertFilterHint, allStates, byGroup, byTime, morePages, back, next, older, now, value, activeSince
  case firingSince, keptSince, labels, graph, fingerprint, rule, ruleGone, writtenAt, group, expression, hold
  case evaluated, took, route, everything, channel, lastSent, nextSend, quietedBy, ends, whatWasSent, state, alert
  case reason, when, type, queued, lastDelivered, lastFailed, matchers, covers, createdBy, untilResolved, notInGit
  case name, kind, lastChange, effectiveSpec, outcome, changes, trigger, author, planDigest, plan, planEmpty
  case planHidden, recent, action, subject, actor, difference, notHere, notShown, liveNow, liveAgain, liveStale
  case shownOf, loading, tokenRefused, serverSilent, waiting
}
