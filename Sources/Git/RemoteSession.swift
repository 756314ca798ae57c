import CLibgit2
import Glibc
import Model

/// One conversation with a remote: what it has, and what is brought from it or sent to it.
final class RemoteSession {
  private let repository: OpaquePointer
  private let settings: RemoteSettings
  private let remote: OpaquePointer
  private let answers: RemoteAnswers

  init(_ repository: OpaquePointer, _ settings: RemoteSettings) throws(GitError) {
    self.repository = repository
    self.settings = settings
    answers = RemoteAnswers(settings)
    var remote: OpaquePointer?
    let code = git_remote_create_anonymous(&remote, repository, settings.url.text)
    guard code == 0, let remote else {
      throw .unusableSetting(detail: "'\(settings.url)' can't be used: \(LibraryFailure.last(code: code).fact)")
    }
    self.remote = remote
  }

  deinit {
    git_remote_disconnect(remote)
    git_remote_free(remote)
  }

  /// Where the tracked refs stand, with their objects in the repository.
  func fetch(_ tracks: [FetchRequest.Track]) throws(GitError) -> FetchReport {
    try connect(GIT_DIRECTION_FETCH)
    let advertised = try AdvertisedRefs(remote, settings.url)
    var (heads, wanted): ([FetchReport.Head], [String]) = ([], [])
    for track in tracks {
      guard let found = try advertised.find(track.ref, isRequired: track.isRequired) else { continue }
      heads.append(FetchReport.Head(name: track.name, ref: found.name, commit: found.commit))
      if track.known != found.commit || !hasCommit(found.commit) { wanted.append(found.name) }
    }
    var report = FetchReport(heads: heads)
    guard !wanted.isEmpty else { return report }
    try download(wanted)
    if let statistics = git_remote_stats(remote) {
      report.receivedBytes = statistics.pointee.received_bytes
      report.receivedObjects = Int(statistics.pointee.received_objects)
    }
    for index in report.heads.indices { try peel(&report.heads[index]) }
    return report
  }

  /// Makes a full ref of the remote name `commit`.
  func push(_ commit: ObjectID, to ref: String) throws(GitError) {
    try connect(GIT_DIRECTION_PUSH)
    // The library pushes refs only, so the commit has one meanwhile.
    let source = "refs/belfry/push"
    var id = try commit.libraryID()
    var reference: OpaquePointer?
    guard git_reference_create(&reference, repository, source, &id, 1, nil) == 0 else {
      throw .storage(path: source, detail: LibraryFailure.last().fact)
    }
    defer {
      git_reference_delete(reference)
      git_reference_free(reference)
    }
    var options = git_push_options()
    git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION))
    answers.install(in: &options.callbacks)
    options.follow_redirects = redirects
    let code = withReferences([source + ":" + ref]) { git_remote_push(remote, &$0, &options) }
    if let refusal = answers.pushRefusal { throw .pushRejected(ref: ref, detail: refusal) }
    guard code != GIT_ENONFASTFORWARD.rawValue else {
      throw .pushRejected(
        ref: ref, detail: "it has commits that this one doesn't descend from; fetch and write it anew")
    }
    guard code == 0 else { throw answers.error(LibraryFailure.last(code: code)) }
  }

  private func connect(_ direction: git_direction) throws(GitError) {
    var options = git_remote_connect_options()
    git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
    answers.install(in: &options.callbacks)
    options.follow_redirects = redirects
    let folder = git_repository_path(repository).map { String(cString: $0) } ?? ""
    let isSSH = settings.url.kind == .ssh
    let failure = SSHHome.with(knownHostsFile: isSSH ? settings.knownHostsFile : nil, in: folder) {
      let code = git_remote_connect_ext(remote, direction, &options)
      return code == 0 ? nil : LibraryFailure.last(code: code)
    }
    if let failure { throw answers.error(failure) }
  }

  /// Over https the certificate check makes sure that a redirect stays with the host; over http nothing would.
  private var redirects: git_remote_redirect_t {
    settings.url.kind == .https ? GIT_REMOTE_REDIRECT_INITIAL : GIT_REMOTE_REDIRECT_NONE
  }

  private func download(_ refs: [String]) throws(GitError) {
    var options = git_fetch_options()
    git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
    answers.install(in: &options.callbacks)
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
    options.update_fetchhead = 0
    options.follow_redirects = redirects
    let code = withReferences(refs) { git_remote_download(remote, &$0, &options) }
    guard code == 0 else { throw answers.error(LibraryFailure.last(code: code)) }
  }

  private func hasCommit(_ id: ObjectID) -> Bool {
    guard var name = try? id.libraryID() else { return false }
    var commit: OpaquePointer?
    defer { git_commit_free(commit) }
    return git_commit_lookup(&commit, repository, &name) == 0
  }

  /// A tag becomes the commit that it names.
  private func peel(_ head: inout FetchReport.Head) throws(GitError) {
    var id = try head.commit.libraryID()
    var (object, commit): (OpaquePointer?, OpaquePointer?)
    defer {
      git_object_free(object)
      git_object_free(commit)
    }
    guard git_object_lookup(&object, repository, &id, GIT_OBJECT_ANY) == 0 else {
      throw .unreachable(remote: settings.url.description, detail: "it didn't send \(head.commit.short)")
    }
    guard git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0, let found = git_object_id(commit) else {
      throw .unsupported(detail: "'\(head.ref)' names no commit; name a branch, or a tag of a commit")
    }
    head.commit = ObjectID(found.pointee)
  }
}

/// Calls `body` with the library's array of `texts`.
private func withReferences<Result>(_ texts: [String], _ body: (inout git_strarray) -> Result) -> Result {
  var copies = texts.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return copies.withUnsafeMutableBufferPointer { buffer in
    var array = git_strarray(strings: buffer.baseAddress, count: buffer.count)
    return body(&array)
  }
}
