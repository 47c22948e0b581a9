/* SPDX-License-Identifier: Apache-2.0 */
/* The option table. Where a mode has another default, it stands in cleatd_flags_finish. */
#include "core/cmd/cleatd_flags.h"

enum { STRING = CLEATD_STRING, INTEGER = CLEATD_INTEGER, SWITCH = CLEATD_SWITCH };
enum { DURATION = CLEATD_DURATION, REPEATED = CLEATD_REPEATED, NOT_IN_FILE = 1 };
enum { EMBEDDED = CLEATD_EMBEDDED, ATTACHED = CLEATD_ATTACHED, BOTH = EMBEDDED | ATTACHED };

const struct cleatd_option cleatd_options[CLEATD_N_FLAGS] = {
    [FLAG_BIND_ADDRESS] = {"bind-address", STRING, BOTH, 0, "0.0.0.0", "IP",
                           "address on which --secure-port listens"},
    [FLAG_SECURE_PORT] =
        {"secure-port", INTEGER, BOTH, 0, "6443", "PORT",
         "port for HTTPS; 0 = off, -1 = any free one; attached: 10258, for health and metrics"},
    [FLAG_INSECURE_PORT] = {"insecure-port", INTEGER, EMBEDDED, 0, "0", "PORT",
                            "port for plain HTTP on loopback, as cluster admin; 0 = off, -1 = any "
                            "free one"},
    [FLAG_UNIX_SOCKET] = {"unix-socket", STRING, EMBEDDED, 0, NULL, "PATH",
                          "also listen on a Unix socket, as cluster admin for its owner and root"},
    [FLAG_TOKEN_AUTH_FILE] = {"token-auth-file", STRING, EMBEDDED, 0, NULL, "FILE",
                              "CSV of bearer tokens: token,user,uid,\"group1,group2\""},
    [FLAG_AUTHORIZATION_MODE] = {"authorization-mode", STRING, EMBEDDED, 0, "RBAC", "MODE",
                                 "RBAC, or AlwaysAllow: everybody who is known may do all"},
    [FLAG_ANONYMOUS_AUTH] = {"anonymous-auth", STRING, EMBEDDED, 0, "true", "BOOL",
                             "whether who shows nothing is system:anonymous, or refused"},
    [FLAG_SERVICE_ACCOUNT_ISSUER] = {"service-account-issuer", STRING, EMBEDDED, 0, NULL, "URL",
                                     "issuer of service accounts' tokens (default "
                                     "https://kubernetes.default.svc.cluster.local)"},
    [FLAG_SERVICE_ACCOUNT_JWKS_URI] = {"service-account-jwks-uri", STRING, EMBEDDED, 0, NULL, "URL",
                                       "where the issuer's keys are (default: below the issuer)"},
    [FLAG_SERVICE_ACCOUNT_KEY_FILE] = {"service-account-key-file", STRING, EMBEDDED, 0, NULL,
                                       "FILES",
                                       "more keys that tokens may be signed with, separated by "
                                       "commas"},
    [FLAG_SERVICE_ACCOUNT_SIGNING_KEY_FILE] =
        {"service-account-signing-key-file", STRING, EMBEDDED, 0, NULL, "FILE",
         "private key that signs tokens (default: one made at first start)"},
    [FLAG_API_AUDIENCES] = {"api-audiences", STRING, EMBEDDED, 0, NULL, "LIST",
                            "audiences that tokens for this server are for (default: the issuer)"},
    [FLAG_ENCRYPTION_PROVIDER_CONFIG] =
        {"encryption-provider-config", STRING, EMBEDDED, 0, NULL, "FILE",
         "which kinds are stored encrypted, and the keys (EncryptionConfiguration: aesgcm, "
         "identity)"},
    [FLAG_CLIENT_CA_FILE] =
        {"client-ca-file", STRING, BOTH, 0, NULL, "FILE",
         "CA that signs client certificates (default: one made at first start; attached: the "
         "cluster's, looked up)"},
    [FLAG_TLS_CERT_FILE] = {"tls-cert-file", STRING, BOTH, 0, NULL, "FILE",
                            "certificate for HTTPS (default: one made at first start; attached: "
                            "one of its own at each)"},
    [FLAG_TLS_PRIVATE_KEY_FILE] = {"tls-private-key-file", STRING, BOTH, 0, NULL, "FILE",
                                   "key of --tls-cert-file"},
    [FLAG_ADVERTISE_ADDRESS] = {"advertise-address", STRING, EMBEDDED, 0, NULL, "IP",
                                "address of this server that the kubernetes service names "
                                "(default: --bind-address, or one of this machine)"},
    [FLAG_SERVICE_IP_RANGE] = {"service-cluster-ip-range", STRING, BOTH, 0, "10.0.0.0/24", "CIDRS",
                               "network that services get their addresses from; two, of two "
                               "families, with a comma"},
    [FLAG_SERVICE_NODE_PORTS] = {"service-node-port-range", STRING, EMBEDDED, 0, "30000-32767",
                                 "PORTS", "ports that services of type NodePort get"},
    [FLAG_ENABLE_ADMISSION] = {"enable-admission-plugins", STRING, EMBEDDED, 0, NULL, "NAMES",
                               "steps of admission that are on besides those that are by default"},
    [FLAG_DISABLE_ADMISSION] = {"disable-admission-plugins", STRING, EMBEDDED, 0, NULL, "NAMES",
                                "steps of admission that are off"},
    [FLAG_NOT_READY_TOLERATION] = {"default-not-ready-toleration-seconds", INTEGER, EMBEDDED, 0,
                                   "300", "SECONDS",
                                   "how long pods that do not say stay on a node that is not "
                                   "ready"},
    [FLAG_UNREACHABLE_TOLERATION] = {"default-unreachable-toleration-seconds", INTEGER, EMBEDDED, 0,
                                     "300", "SECONDS", "the same for a node that is not reachable"},
    [FLAG_CONTROLLERS] = {"controllers", STRING, BOTH, NOT_IN_FILE, NULL, "LIST",
                          "controllers to run: \"*\" for all that are on by default, \"foo\" to "
                          "add, \"-foo\" to leave out (default \"*\")"},
    [FLAG_CLOUD_PROVIDER] = {"cloud-provider", STRING, BOTH, NOT_IN_FILE, NULL, "NAMES",
                             "cloud providers to run, separated by commas"},
    [FLAG_CLOUD_CONFIG] = {"cloud-config", STRING, BOTH, 0, NULL, "FILE",
                           "the one provider's section of the configuration, YAML or JSON"},
    [FLAG_ATTACH] =
        {"attach", SWITCH, ATTACHED, 0, NULL, NULL,
         "run attached to an API server elsewhere: the one of --kubeconfig or --master, "
         "which say this by themselves, else the one of the service account of the pod "
         "that this runs in"},
    [FLAG_KUBECONFIG] = {"kubeconfig", STRING, ATTACHED, 0, NULL, "FILE",
                         "where that API server is and who we are there"},
    [FLAG_MASTER] = {"master", STRING, ATTACHED, 0, NULL, "URL",
                     "where it is; takes the place of what the kubeconfig says"},
    [FLAG_QPS] = {"kube-api-qps", STRING, ATTACHED, 0, "20", "N",
                  "requests a second that each controller may send; less than 0 = no limit"},
    [FLAG_BURST] = {"kube-api-burst", INTEGER, ATTACHED, 0, "30", "N",
                    "how many it may send at once"},
    [FLAG_CONTENT_TYPE] = {"kube-api-content-type", STRING, ATTACHED, 0, "application/json", "TYPE",
                           "accepted; objects travel as JSON whatever it says"},
    [FLAG_SA_CREDENTIALS] = {"use-service-account-credentials", SWITCH, ATTACHED, 0, "false", NULL,
                             "each controller acts as the service account of its name in "
                             "kube-system"},
    [FLAG_LEADER_ELECT] = {"leader-elect", SWITCH, ATTACHED, 0, "true", NULL,
                           "start the controllers only where this process holds the lease"},
    [FLAG_LEADER_LEASE_DURATION] = {"leader-elect-lease-duration", DURATION, ATTACHED, 0, "15s",
                                    "DURATION",
                                    "how long others wait after the last renewal that they saw"},
    [FLAG_LEADER_RENEW_DEADLINE] = {"leader-elect-renew-deadline", DURATION, ATTACHED, 0, "10s",
                                    "DURATION",
                                    "how long the leader tries to renew before it gives up"},
    [FLAG_LEADER_RETRY_PERIOD] = {"leader-elect-retry-period", DURATION, ATTACHED, 0, "2s",
                                  "DURATION", "how long between two tries"},
    [FLAG_LEADER_RESOURCE_LOCK] = {"leader-elect-resource-lock", STRING, ATTACHED, 0, "leases",
                                   "KIND", "what is held: leases"},
    [FLAG_LEADER_RESOURCE_NAME] = {"leader-elect-resource-name", STRING, ATTACHED, 0,
                                   "cloud-controller-manager", "NAME", "name of the lease"},
    [FLAG_LEADER_RESOURCE_NAMESPACE] = {"leader-elect-resource-namespace", STRING, ATTACHED, 0,
                                        "kube-system", "NAME", "its namespace"},
    [FLAG_START_INTERVAL] = {"controller-start-interval", DURATION, ATTACHED, 0, "0s", "DURATION",
                             "how long to wait between the starts of two controllers"},
    [FLAG_MANAGE_CRDS] = {"manage-crds", STRING, ATTACHED, 0, "auto", "HOW",
                          "the kinds that plugins bring: auto = made and updated where that is "
                          "allowed, true = or nothing starts, false = left alone"},
    [FLAG_AUTHENTICATION_KUBECONFIG] = {"authentication-kubeconfig", STRING, ATTACHED, 0, NULL,
                                        "FILE",
                                        "API server that is asked whose tokens those are that ask "
                                        "for /metrics (default: the one that we are attached to)"},
    [FLAG_AUTHORIZATION_KUBECONFIG] = {"authorization-kubeconfig", STRING, ATTACHED, 0, NULL,
                                       "FILE", "the same for what they may see"},
    [FLAG_ALWAYS_ALLOW_PATHS] = {"authorization-always-allow-paths", STRING, ATTACHED, 0,
                                 "/healthz,/readyz,/livez", "PATHS",
                                 "what everybody may see; \"/healthz/*\" = all below it"},
    [FLAG_AUTHENTICATION_SKIP_LOOKUP] =
        {"authentication-skip-lookup", SWITCH, ATTACHED, 0, "false", NULL,
         "do not look the cluster's authorities for certificates up, which are in the ConfigMap "
         "kube-system/extension-apiserver-authentication"},
    [FLAG_AUTHENTICATION_TOLERATE] =
        {"authentication-tolerate-lookup-failure", SWITCH, ATTACHED, 0, "false", NULL,
         "go on where that look-up is refused; callers are then not known by their certificates"},
    [FLAG_AUTHENTICATION_TTL] = {"authentication-token-webhook-cache-ttl", DURATION, ATTACHED, 0,
                                 "10s", "DURATION", "how long it is remembered whose a token is"},
    [FLAG_AUTHORIZATION_YES_TTL] = {"authorization-webhook-cache-authorized-ttl", DURATION,
                                    ATTACHED, 0, "10s", "DURATION",
                                    "how long it is remembered that somebody may see a path"},
    [FLAG_AUTHORIZATION_NO_TTL] = {"authorization-webhook-cache-unauthorized-ttl", DURATION,
                                   ATTACHED, 0, "10s", "DURATION", "the same where he may not"},
    [FLAG_PROXY_CA_FILE] = {"requestheader-client-ca-file", STRING, ATTACHED, 0, NULL, "FILE",
                            "CA of proxies that tell in headers who calls (default: looked up)"},
    [FLAG_PROXY_NAMES] = {"requestheader-allowed-names", STRING, ATTACHED, 0, NULL, "LIST",
                          "common names of such proxies; empty = all that the CA signed"},
    [FLAG_PROXY_USER_HEADERS] = {"requestheader-username-headers", STRING, ATTACHED, 0,
                                 "x-remote-user", "LIST", "headers in which they tell the user"},
    [FLAG_PROXY_UID_HEADERS] = {"requestheader-uid-headers", STRING, ATTACHED, 0, NULL, "LIST",
                                "his UID"},
    [FLAG_PROXY_GROUP_HEADERS] = {"requestheader-group-headers", STRING, ATTACHED, 0,
                                  "x-remote-group", "LIST", "his groups"},
    [FLAG_PROXY_EXTRA_PREFIXES] = {"requestheader-extra-headers-prefix", STRING, ATTACHED, 0,
                                   "x-remote-extra-", "LIST",
                                   "beginnings of headers that tell whatever else"},
    [FLAG_MAX_REQUESTS] = {"max-requests-inflight", INTEGER, EMBEDDED, 0, "400", "N",
                           "reads under way at a time, but for administrators; 0 = no limit"},
    [FLAG_MAX_MUTATING] = {"max-mutating-requests-inflight", INTEGER, EMBEDDED, 0, "200", "N",
                           "writes under way at a time, but for administrators; 0 = no limit"},
    [FLAG_EVENT_TTL] = {"event-ttl", DURATION, EMBEDDED, 0, "1h0m0s", "DURATION",
                        "how long to keep events"},
    [FLAG_CONFIG] = {"config", STRING, BOTH, NOT_IN_FILE, NULL, "FILE",
                     "configuration, YAML or JSON; read again on SIGHUP"},
    [FLAG_DATA_DIR] =
        {"data-dir", STRING, EMBEDDED, 0, NULL, "DIR",
         "database, keys and admin.kubeconfig (default: /var/lib/cleat for root, else "
         "under $XDG_DATA_HOME or ~/.local/share)"},
    [FLAG_PLUGIN_DIR] = {"plugin-dir", REPEATED, BOTH, 0, NULL, "DIR",
                         "where plugins are; may be repeated, the first wins (default: "
                         "lib/cleat/plugins beside the program's folder)"},
    [FLAG_V] = {"v", INTEGER, BOTH, 0, "0", "LEVEL", "how much to log: 4 = debug, 6 = trace"},
    [FLAG_VERSION] = {"version", SWITCH, BOTH, NOT_IN_FILE, NULL, NULL, "print the version"},
    [FLAG_HELP] = {"help", SWITCH, BOTH, NOT_IN_FILE, NULL, NULL, "print this"},
};
