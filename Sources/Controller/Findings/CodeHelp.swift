/// What each code means, for formats that carry rules with help: the first paragraph of its heading in
/// `docs/diagnostics.md`.
///
/// Written from that page by `RECORD=1 swift test --filter 'The help of codes'`; the same test compares the two.
enum CodeHelp {
  /// The paragraph; `nil` for a word that the page doesn't have.
  static func text(of code: String) -> String? { byCode[code] }

  private static let byCode: [String: String] = {
    var found: [String: String] = [:]
    var code = ""
    for line in page.split(separator: "\n") {
      if line.hasPrefix("  ") {
        found[code, default: ""] += (found[code] == nil ? "" : " ") + line.dropFirst(2)
      } else {
        code = String(line)
      }
    }
    return found
  }()

  /// A code in a line of its own, its paragraph below, indented.
  static let page = #"""
    aggregated-absent
      An aggregation stands in absent, whose result then has no labels. Asked for a series itself, absent
      gives the labels of the selector's = matchers.
    alias-inside-anchor
      An alias stands inside what it names.
    always-true
      The comparison always holds, and nothing else decides: the alert fires as long as there are series.
    ambiguous-boolean
      yes, no, on and off are booleans in YAML 1.1 only. Where a boolean is expected they are understood; true
      and false are better.
    ambiguous-number
      The number has a zero in front: octal in YAML 1.1, decimal in YAML 1.2, which is what counts.
    ambiguous-text
      The text is read as it stands. Readers of YAML 1.1, which many tools are, would take it for a boolean or
      a number; quotes make it the same everywhere.
    case-clash
      Two files of a scope differ in upper and lower case alone. A clone on macOS or Windows holds only one of
      them, and the next commit from there would delete or overwrite the other.
    claimed-name
      A Tenant or Project says in previous_names that it was a folder which is still there, or which another
      says it was too. What was kept under a name goes to one heir, and only once the name is free.
    classic-matcher
      Alertmanager has two syntaxes of matchers, and reads this one by the older. The remedy writes it so that
      both agree.
    conflicting-fields
      Two fields say different things about the same matter, or a field can't stand where it does.
    control-character
      A character that can't be seen stands in the text. Remove it, or write it as an escape in double quotes.
    control-comment
      A comment that begins with belfry/ doesn't say what it should: it names no check that can be switched
      off, gives no reason, or stands at no rule.
    credentials-without-tls
      A login would travel in clear text. Only a server on the same machine may be logged in to without TLS.
    deprecated-field
      An older form is still read. The newer one is named.
    duplicate-group
      Two groups of one file have the same name. The name tells groups apart, so that their alerts keep their
      state.
    duplicate-item
      A list names the same thing twice.
    duplicate-key
      A mapping sets the same key twice; one of the two would be lost.
    duplicate-resource
      Two documents of one scope and kind have the same name, or two Template documents of one scope define
      the same template.
    duplicate-rule
      Two rules of one scope say the same: they have the same labels, the same for, and expressions that
      differ in layout at most. Of recording rules, the names are the same too.
    duration-without-unit
      A bare number is no duration. Seconds are the usual unit; the remedy writes them.
    end-before-start
      A time ends before it starts. A time of day over midnight is written as two.
    ends-soon
      The same a week ahead, but for silences, which are there to end.
    experimental-expression
      The expression uses what a Prometheus has only behind a flag, which the remedy names; promtool refuses
      it too. Where every server that evaluates the rule has the flag, a comment allows it: # belfry/disable
      experimental-expression: all our servers have the flag.
    file-too-large
      A file is larger than the limit, 16 MiB unless set otherwise. Nothing of it is read, and its scope is
      held.
    folder-mismatch
      The name of a Tenant or Project is that of its folder. After renaming a folder, write the new name and
      list the old one in previous_names.
    folder-name
      Tenant and project are named by their folders, and such a name is a DNS label: lower-case letters,
      digits and hyphens, at most 63. No tenant can be called platform.
    foreign-tenant
      A query of a tenant, in a rule or in a template, names the label by which its data source tells tenants
      apart. The source has tenant_label, so every selector of the tenant's rules is bound to the tenant; one
      that asks for another tenant, or for several, would be refused at each evaluation.
    group-for-readers
      A commit names its author and no groups, so a group's role counts where the status API is read, not
      where specs are changed.
    has-ended
      A silence, an Approval, a signing key, or the notify or sync of a scope has an end, and it is over: it
      does nothing any more. Remove it, or give it a new end by a reviewed commit. Only belfry check says so,
      since it depends on the time.
    impossible-label
      A template uses a label that the expression's result can't have: an aggregation, an operator or a
      function takes it away, or absent doesn't know it. The text would have a gap there. The note shows which
      part of the expression is the reason.
    key-not-text
      A mapping or a list stands where a key is expected.
    key-without-colon
      A word stands where a key is expected and has no colon behind it.
    kind-out-of-scope
      Each kind may stand in certain folders: a Tenant in a tenant's, a DataSource in the platform's or a
      tenant's, and so on. The page of the kind says which.
    label-name
      The text can't be the name of a label here: it is empty, it is __name__, or the place needs a name that
      PromQL can write without quotes.
    lfs-pointer
      The file is what git-lfs commits in place of a file. Belfry reads what is in the repository, and fetches
      nothing else.
    limit-exceeded
      A file has more rules than are read, or a route tree is deeper than is walked. Split it.
    malformed-address
      A mail address stands alone, without a display name; a mail server is host:port.
    malformed-duration
      Durations are written as in Prometheus: whole numbers with y, w, d, h, m, s or ms, from large to small,
      each once. Fractions such as 1.5h are Go's; the remedy rewrites them.
    malformed-expression
      The expression is no PromQL, as current Prometheus has it: its syntax, the name of a function, or the
      kind of an argument. Each finding points at the part of the expression that is meant; several are told
      at once. Functions of MetricsQL are told as such.
    malformed-key
      A signing key is the line of an SSH public key file: its type, its base64 text, and maybe a comment.
    malformed-matcher
      A matcher is a label name, one of =, !=, =~, !~, and a value, which goes in double quotes unless it is a
      plain word. Patterns are RE2's and match the whole value.
    malformed-name
      A name is a DNS name: lower-case letters, digits and hyphens, with a letter or digit at both ends. Names
      of secrets may have capitals and underscores too, and never a path or a dot.
    malformed-path
      A spec file has a path that could be taken for another: a name with a line break or another control
      character, a backslash, a mark that turns text around, bytes that aren't UTF-8, .. or .git, or a name
      that its folder lists twice. Such bytes are shown as \n or \377. Git's own commands write few of these;
      a server with receive.fsckObjects refuses most.
    malformed-series
      A unit test's series can't be read: its selector or its values. The notation is promtool's, such as
      up{job="a"} with the values 1 0x5 _ stale. A broken test holds no scope; belfry check and belfry test
      tell of it.
    malformed-time
      A range of a TimeInterval can't be read, or ends before it begins. The syntax is Alertmanager's.
    malformed-timestamp
      Times are written as in RFC 3339, with a zone: 2026-11-20T08:00:00Z or 2026-11-20T08:00:00+08:00.
    malformed-url
      A URL begins with http:// or https:// and names a host.
    matches-everything
      The matchers would take every alert: a silence that silences all, or an inhibition without a side. At
      least one matcher must need a value.
    merge-not-mapping
      << takes a mapping, an alias of one, or a list of them.
    misaligned
      A line begins in another column than those it belongs with.
    misplaced-file
      A YAML file lies directly under tenants/, in nobody's folder. It is held by itself and stops nobody
      else; move it to the tenant it belongs to, or to platform/.
    misplaced-line
      A line stands where the mapping or list before it has ended.
    missing-field
      Something that can't be guessed is not there, or is empty.
    missing-key
      A colon has no key before it.
    missing-severity
      The alert has no label severity: neither the rule nor its group sets it, nor is its expression sure to
      bring it. Routes and people sort alerts by it.
    mixed-file
      A promtool unit test stands in one file with other documents. Tests are run from their file, so it needs
      one of its own.
    never-true
      The comparison can't hold, whatever the samples are: a count is never below one, no value is above 5 and
      below 3 at once. The alert would never fire.
    no-condition
      Nothing in the alert's expression compares, asks for absence or excludes: it fires as long as there are
      series. Alerts that are meant to fire always are written vector(1) or 1.
    no-data-source
      Rules name no data source, no Tenant or Project above them does, and no DataSource says default: true.
    no-effect
      The field is accepted and changes nothing here.
    not-authorised
      A commit changed this file without the right to. The message names the commit, who made it and the role
      that the change needs; the file's last authorised content stays in force, and its scope is held until
      somebody with the right changes the file or its content is put back. See rights. Only plans have this
      finding: check knows no commits.
    not-available
      The field is part of the design and not of this version. What there is instead is listed.
    not-utf8
      The file has a byte that is no part of UTF-8 text. Save it as UTF-8.
    other-dialect
      The field belongs to a relative of Prometheus (vmalert, Thanos, Mimir, Loki) and would be ignored or
      refused by Prometheus. Remove it, or keep the file where that software reads it and name it in
      .belfryignore.
    out-of-range
      The number or duration is too small or too large.
    plain-pattern
      A pattern that matches one plain text. = and != say the same, and are faster.
    rate-of-gauge
      rate, increase and irate are made for counters, and take each fall of a value for a restart. By its
      name, this metric goes up and down. Metrics whose names say nothing are not told of.
    record-name
      The name of a recorded series is a metric's name alone; labels go to labels.
    record-or-alert
      A rule either raises an alert or records a series.
    recording-field
      Only alerting rules have for, keep_firing_for, annotations and the fields about notifications.
    result-type
      The expression's result is a text or a range of samples, which no rule can use: each evaluation would
      fail.
    rule-order
      The rule uses what a later rule of its group, or a rule of a later group of its file, records. Rules of
      a group are evaluated in their order, and groups by themselves, so it sees a value that is one
      evaluation old.
    secret-in-spec
      A credential, or what has the shape of one, stands in a file that everybody with the repository can
      read: an error in channels and data sources, a warning elsewhere. Withdraw it, since git keeps it, and
      refer to a secret by name.
    several-root-routes
      A scope has one route tree. More routes are its children.
    shared-key
      One key signs for two people, so a signature doesn't tell which of them it was. Told in the lower scope
      where the two stand in different ones.
    short-for
      for is shorter than the interval at which the group is evaluated, so the alert fires one whole interval
      later all the same. Write the interval, or nothing to fire at once.
    short-range
      rate or its like looks back over less than twice the interval at which the group is evaluated (its own,
      or that of its Project or Tenant). A lost sample leaves it without a value, or samples fall between two
      evaluations. Where nobody sets an interval, less than the default of 1m is told.
    tab-indentation
      Indentation is made of spaces.
    tag-mismatch
      A value is not what its tag says.
    template-mistake
      A template can be read and can't work: an argument is missing or of the wrong kind, a field isn't there,
      a query in it is no PromQL. The page would show the error in its place.
    template-syntax
      A label or annotation is no template: an action isn't closed, a block has no end, nobody knows the
      function or the variable. promtool refuses it too. In the labels of a group it is a warning, since
      promtool doesn't read those as templates. The same goes for a Template and for the texts of a channel:
      Alertmanager refuses them too, and they are errors.
    text-behind-value
      Something follows a closed quote or bracket.
    unclosed-bracket
      A [ or { is not closed.
    unclosed-quote
      A quote has no partner.
    unknown-anchor
      An alias names an anchor that nothing above it has.
    unknown-document
      The document is none of those that are read: a Belfry document, a Prometheus rule file, a
      PrometheusRule, a promtool unit test. Files of other tools are named in .belfryignore.
    unknown-escape
      There is no such escape in double quotes; single quotes take a backslash as it is.
    unknown-field
      The field is not one of those that the document has here; a near one is suggested. Keys that begin with
      x- are carried and ignored.
    unknown-kind
      There is no such kind. The nearest one is suggested, and all are listed.
    unknown-reference
      A name is mentioned that nothing has, in the scope itself and in those above it: project, tenant,
      platform. Templates are called by the names of their define blocks; those that come with Belfry count as
      well.
    unknown-tag
      Tags of one's own mean nothing here.
    unknown-value
      The word is not one of those that this field takes.
    unknown-version
      A Belfry document has apiVersion: belfry/v1.
    unknown-zone
      Time zones have IANA names, such as Europe/Berlin. Local is not accepted, since it would depend on the
      machine.
    unquoted-template
      A value that begins with {{ is a mapping to YAML. Put the template in quotes.
    unquoted-text
      A value holds or begins with a mark that means something in YAML. Put it in quotes.
    unreadable-file
      The repository has something at this path that can't be read: a symbolic link, a submodule, a folder
      that git can't open or that is nested more than 200 folders deep, or bytes that don't hash to their
      name. It counts as an error of its scope, never as an absent file: what was live stays. A link, or a
      submodule, in place of a tenant's folder holds the tenant and its projects; a link to a file of the
      repository that is no spec is passed over.
    unrecorded-metric
      An alert uses a metric whose name, with its colons, is that of a recording rule, and no rule of the
      repository records it. Without it the alert never fires. Where a server records it by itself, switch the
      check off.
    unused-control
      A comment switches off a check that finds nothing there. Remove it, so that it doesn't hide what comes
      later.
    unusual-name
      Prometheus takes any UTF-8 name. One with other characters than letters, digits and underscores (colons
      too in metric names) has to be quoted in PromQL, and templates reach such a label by index only.
    unverifiable-key
      Nothing that is signed with this key can be checked: an RSA key with fewer than 2048 bits or more than
      16384, which is an error, or a key in a security token, which is a warning.
    without-end
      Nothing ends it: an error for a silence, which must never be forgotten, and a warning for a scope whose
      notifications or syncs are paused.
    wrong-pattern
      The pattern of label_replace is none that RE2 takes. Prometheus notices when it evaluates, so promtool
      lets it pass, and the rule fails each time.
    wrong-type
      A mapping, a list or a text stands where something else is expected. Numbers and words such as true are
      texts wherever a text is expected, without quotes too.
    yaml-limit
      The text nests too deep, or aliases make it too large.
    yaml-syntax
      The text can't be read as YAML.
    """#
}
