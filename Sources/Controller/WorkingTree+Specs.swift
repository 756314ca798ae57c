import Git
import Glibc
import Model

extension WorkingTree {
  /// The repository that a folder lies in, for commands that need one.
  static func discovered(from path: String) throws(CommandFailure) -> WorkingTree {
    do throws(GitError) {
      return try discover(from: path)
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }

  /// The commit that a change is compared with: the one named, else the merge base with the upstream's default branch,
  /// else HEAD.
  func resolveBase(_ revision: String?) throws -> ObjectID {
    if let revision { return try resolve(revision) }
    let head = try headCommit()
    return try base(of: head) ?? head
  }

  /// The commit that is checked out.
  func headCommit() throws -> ObjectID {
    guard let head = try head() else {
      throw CommandFailure(.failed, "the repository has no commit yet, so there is nothing to compare with")
    }
    return head
  }

  /// Whether a commit is in this clone.
  func contains(_ commit: ObjectID) -> Bool {
    (try? repository.commit(commit)) != nil
  }

  /// Builds a commit with `files` on a remote branch and pushes it there; the working tree isn't touched.
  func commitAndPush(
    _ files: [String: [UInt8]], branch: String, at now: Timestamp, message: String
  ) async throws -> ObjectID {
    guard let upstream = try upstream() else {
      throw CommandFailure(.failed, "the repository has no remote to push to; add one with git remote add")
    }
    let home = environment("HOME") ?? ""
    guard let author = try author(files: [home + "/.gitconfig", home + "/.config/git/config"]) else {
      throw CommandFailure(.failed, "git knows no name for you; set user.name and user.email")
    }
    let remote = try RemoteSettings(
      url: upstream.url, ref: branch, credentials: environment("SSH_AUTH_SOCK").map { .sshAgent(socket: $0) } ?? .none,
      knownHostsFile: home + "/.ssh/known_hosts")
    let child = FetchChild.ownBinary
    let fetched = await child.run(fetchRequest(remote), deadline: remote.deadline)
    let parent: ObjectID?
    switch fetched {
    case .fetched(let report): parent = report.heads.first?.commit
    case .failed(let error): throw error
    case .pushed: parent = nil
    }
    let commit = try commitFiles(files, onto: parent, message: message, author: author, at: now)
    let outcome = await child.run(pushRequest(commit, toBranch: branch, of: remote), deadline: remote.deadline)
    if case .failed(let error) = outcome { throw error }
    return commit
  }
}
