import ArgumentParser
import Forge
import Glibc
import Model
import Transport

/// `belfry comment`: the one sticky comment on a pull request.
struct CommentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "comment", abstract: "Post or update the one comment on a pull request.",
    discussion: """
      Reads Markdown from standard input, or from --body-file, and keeps exactly one comment with it: found again by a
      hidden marker and by its author. In GitHub Actions, GitLab CI and Gitea Actions the forge, the repository and the
      pull request are known; elsewhere they are named. The token is taken from --token-file, BELFRY_FORGE_TOKEN,
      GITHUB_TOKEN, GITLAB_TOKEN or GITEA_TOKEN.

      Example: belfry diff --format markdown | belfry comment
      Example: belfry comment --forge gitea --forge-url https://git.example.com --repo acme/alerts --pull-request 412 \
      --marker diff --body-file diff.md
      """)

  @Option(help: "Whose API is spoken: github, gitlab, gitea (Forgejo too).")
  var forge: String?
  @Option(help: "The forge's address, or its API's (default: github.com, gitlab.com).")
  var forgeURL: String?
  @Option(help: "The repository: owner/name, at GitLab also group/subgroup/name or a number.")
  var repo: String?
  @Option(help: "The number of the pull or merge request.")
  var pullRequest: Int?
  @Option(help: "What tells this comment from others of Belfry on the same pull request.")
  var marker = "diff"
  @Option(help: "The file with the comment's Markdown (default: standard input).")
  var bodyFile: String?
  @Option(help: "The file with the token.")
  var tokenFile: String?
  @Option(help: "The login that the comment is written by (default: whose the token is).")
  var author: String?
  @Flag(help: "Print the comment, and where it would go; send nothing.")
  var dryRun = false

  func run() async throws {
    let place = CIPlace(environment: environment)
    guard let marker = CommentMarker(marker) else {
      throw CommandFailure(
        .usage, "--marker takes up to 100 letters, digits, dots, underscores, slashes and single hyphens")
    }
    let forge = try target(place)
    guard let number = pullRequest ?? place.pullRequest, number > 0 else {
      throw CommandFailure(.usage, "no pull request is named: give --pull-request with its number")
    }
    let words = try body()
    guard words.contains(where: { !$0.isWhitespace }) else {
      throw CommandFailure(.failed, "the comment is empty: nothing was posted")
    }
    let body: CommentBody
    do throws(CommentBody.TooLong) {
      body = try CommentBody(words, marker: marker, limit: forge.kind.commentLimit)
    } catch {
      throw CommandFailure(.failed, error.description)
    }
    if body.foldsLeftOut > 0 {
      Console.note("belfry: the comment is too long; \(plural(body.foldsLeftOut, "fold")) left out")
    }
    if dryRun {
      Console.note("belfry: would go to \(forge.kind.rawValue) \(forge.repository) #\(number)")
      Console.result(body.text)
      return
    }
    let session = ForgeSession(forge, transport: try CurlTransport(version: belfryVersion), clock: SystemClock())
    do throws(ForgeError) {
      let posted = try await session.post(body, on: number, author: author)
      Console.result("\(posted.outcome.rawValue) comment \(posted.id) on \(forge.repository) #\(number)")
    } catch {
      throw CommandFailure(error)
    }
  }

  private func target(_ place: CIPlace) throws(CommandFailure) -> Forge {
    let name = forge ?? place.forge?.rawValue
    guard let name, let kind = ForgeKind(rawValue: name) else {
      let found = name.map { "--forge '\($0)'" } ?? "no forge is named: --forge"
      throw CommandFailure(.usage, "\(found) takes \(ForgeKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    // What the environment says of a forge is said of the one that runs the job.
    let isHere = kind == place.forge
    guard let repository = repo ?? (isHere ? place.repository : nil) else {
      throw CommandFailure(.usage, "no repository is named: give --repo owner/name")
    }
    let token = try ForgeToken.find(file: tokenFile, kind, environment: environment)
    if token == nil, !dryRun {
      throw CommandFailure(
        .usage, "no token: give --token-file, or set BELFRY_FORGE_TOKEN or \(ForgeToken.variable(of: kind))")
    }
    do throws(Forge.AddressError) {
      return try Forge(
        kind, url: forgeURL ?? (isHere ? place.url : nil), repository: repository, token: token ?? Secret(""),
        options: ConnectionOptions(timeout: .seconds(30)), userAgent: "Belfry/" + belfryVersion)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  private func body() throws(CommandFailure) -> String {
    let limit = 16 << 20
    guard let bodyFile, bodyFile != "-" else {
      guard let bytes = Console.input(limit: limit) else {
        throw CommandFailure(.failed, "standard input has more than \(limit) bytes, which is no comment")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    do throws(Files.Failure) {
      return String(decoding: try Files.read(bodyFile, limit: limit), as: UTF8.self)
    } catch {
      throw CommandFailure(.failed, "--body-file: \(error.description)")
    }
  }
}

extension CommandFailure {
  /// A forge's refusal, with the exit code that goes with it.
  init(_ error: ForgeError) {
    switch error {
    case .unauthorised, .forbidden: self.init(.notAuthorised, error.description)
    case .throttled, .unavailable, .unreachable: self.init(.unreachable, error.description)
    case .notFound, .refused, .unreadable: self.init(.failed, error.description)
    }
  }
}

extension Console {
  /// What comes on standard input; `nil` where there is more than `limit` bytes.
  static func input(limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
    return nil
  }
}
