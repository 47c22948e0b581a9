/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics: the text exposition byte by byte, and adds from several threads. Log lines. */
#include "tests/support/kt.h"

#include <math.h>
#include <unistd.h>

/* The lines of one family out of the whole exposition. */
static char *lines_of(const char *name) {
    CLEAT_AUTO_BUF all = {0};
    CLEAT_AUTO_BUF out = {0};
    cleat_metrics_expose(&all);
    size_t n = strlen(name);
    for (const char *p = all.p, *end; p != NULL && *p != '\0'; p = end + 1) {
        end = strchr(p, '\n');
        const char *at = strncmp(p, "# ", 2) == 0 ? p + 7 : p; /* "# HELP x", "# TYPE x" */
        if (strncmp(at, name, n) == 0) {
            cleat_buf_add(&out, p, (size_t)(end - p) + 1);
        }
    }
    return cleat_buf_take(&out);
}

static void expect(const char *name, const char *want) {
    CLEAT_AUTO_FREE char *got = lines_of(name);
    KT_EQ_STR(got, want);
}

static void test_counter_and_gauge(void) {
    cleat_metric *c = cleat_metric_family("t_requests_total", "All of\nthem \\ \"so\".",
                                          CLEAT_COUNTER, NULL, NULL, 0);
    expect("t_requests_total", ""); /* no series yet */
    cleat_metric_add(c, 1);
    cleat_metric_add(c, 2);
    expect("t_requests_total", "# HELP t_requests_total All of\\nthem \\\\ \"so\".\n"
                               "# TYPE t_requests_total counter\nt_requests_total 3\n");
    cleat_metric *g = cleat_metric_family("t_depth", "Depth.", CLEAT_GAUGE, NULL, NULL, 0);
    cleat_metric_set(g, 0.1);
    cleat_metric_add(g, -2.5);
    expect("t_depth", "# HELP t_depth Depth.\n# TYPE t_depth gauge\nt_depth -2.4\n");
    cleat_metric_set(g, INFINITY);
    expect("t_depth", "# HELP t_depth Depth.\n# TYPE t_depth gauge\nt_depth +Inf\n");
    cleat_metric_set(g, NAN);
    expect("t_depth", "# HELP t_depth Depth.\n# TYPE t_depth gauge\nt_depth NaN\n");
    cleat_metric_set(g, 1.0 / 3);
    expect("t_depth", "# HELP t_depth Depth.\n# TYPE t_depth gauge\nt_depth 0.3333333333333333\n");
}

static void test_labels(void) {
    static const char *const labels[] = {"verb", "path", NULL};
    cleat_metric *f = cleat_metric_family("t_labelled", "L.", CLEAT_COUNTER, labels, NULL, 0);
    cleat_metric *a = cleat_metric_with(f, (const char *const[]){"GET", "/a\"b\\c\nd", NULL});
    cleat_metric *b = cleat_metric_with(f, (const char *const[]){"GE", "T/a", NULL});
    KT_TRUE(a != b);
    KT_TRUE(cleat_metric_with(f, (const char *const[]){"GET", "/a\"b\\c\nd", NULL}) == a);
    cleat_metric_add(a, 1);
    cleat_metric_add(b, 7);
    cleat_metric_add(cleat_metric_with(f, (const char *const[]){"PUT", NULL}), 1);
    expect("t_labelled", "# HELP t_labelled L.\n# TYPE t_labelled counter\n"
                         "t_labelled{verb=\"GET\",path=\"/a\\\"b\\\\c\\nd\"} 1\n"
                         "t_labelled{verb=\"GE\",path=\"T/a\"} 7\n"
                         "t_labelled{verb=\"PUT\",path=\"\"} 1\n");
    /* The same again is the same; another shape under the same name is refused. */
    KT_TRUE(cleat_metric_family("t_labelled", "L.", CLEAT_COUNTER, labels, NULL, 0) == f);
    KT_TRUE(cleat_metric_family("t_labelled", "L.", CLEAT_GAUGE, labels, NULL, 0) == NULL);
    KT_TRUE(cleat_metric_family("t_labelled", "L.", CLEAT_COUNTER, NULL, NULL, 0) == NULL);
    cleat_metric_add(NULL, 1); /* who was refused need not look */
    cleat_metric_set(NULL, 1);
}

static void test_histogram(void) {
    static const double buckets[] = {0.005, 0.1, 1, 10};
    static const char *const labels[] = {"q", NULL};
    cleat_metric *f = cleat_metric_family("t_seconds", "S.", CLEAT_HISTOGRAM, labels, buckets, 4);
    cleat_metric *s = cleat_metric_with(f, (const char *const[]){"x", NULL});
    static const double seen[] = {0.005, 0.05, 0.1, 0.5, 10.5, 100};
    for (size_t i = 0; i < 6; i++) {
        cleat_metric_add(s, seen[i]);
    }
    expect("t_seconds", "# HELP t_seconds S.\n# TYPE t_seconds histogram\n"
                        "t_seconds_bucket{q=\"x\",le=\"0.005\"} 1\n"
                        "t_seconds_bucket{q=\"x\",le=\"0.1\"} 3\n"
                        "t_seconds_bucket{q=\"x\",le=\"1\"} 4\n"
                        "t_seconds_bucket{q=\"x\",le=\"10\"} 4\n"
                        "t_seconds_bucket{q=\"x\",le=\"+Inf\"} 6\n"
                        "t_seconds_sum{q=\"x\"} 111.155\n"
                        "t_seconds_count{q=\"x\"} 6\n");
}

static void set_scraped(void *userdata) {
    cleat_metric_add(userdata, 1);
}

static void test_scrape_hook(void) {
    cleat_metric *g = cleat_metric_family("t_scraped", "H.", CLEAT_GAUGE, NULL, NULL, 0);
    cleat_metric_set(g, 0);
    cleat_metrics_on_scrape(set_scraped, g);
    expect("t_scraped", "# HELP t_scraped H.\n# TYPE t_scraped gauge\nt_scraped 1\n");
    expect("t_scraped", "# HELP t_scraped H.\n# TYPE t_scraped gauge\nt_scraped 2\n");
}

static void *add_many(void *arg) {
    cleat_metric *f = arg;
    cleat_metric *s = cleat_metric_with(f, (const char *const[]){"same", NULL});
    for (int i = 0; i < 10000; i++) {
        cleat_metric_add(s, 0.5);
    }
    return NULL;
}

static void test_threads(void) {
    static const char *const labels[] = {"who", NULL};
    cleat_metric *f = cleat_metric_family("t_threads", "T.", CLEAT_COUNTER, labels, NULL, 0);
    pthread_t t[4];
    for (int i = 0; i < 4; i++) {
        t[i] = cleat_thread_start("adder", add_many, f);
    }
    CLEAT_AUTO_BUF meanwhile = {0};
    cleat_metrics_expose(&meanwhile);
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
    }
    expect("t_threads", "# HELP t_threads T.\n# TYPE t_threads counter\n"
                        "t_threads{who=\"same\"} 20000\n");
}

static void test_removed_series(void) {
    static const char *const labels[] = {"ns", NULL};
    cleat_metric *f = cleat_metric_family("t_gone", "G.", CLEAT_GAUGE, labels, NULL, 0);
    for (int i = 0; i < 4; i++) {
        char ns[2] = {(char)('a' + i), '\0'};
        cleat_metric_set(cleat_metric_with(f, (const char *const[]){ns, NULL}), i);
    }
    cleat_metric_remove(f, (const char *const[]){"b", NULL});
    cleat_metric_remove(f, (const char *const[]){"b", NULL}); /* nothing is there any more */
    cleat_metric_remove(f, (const char *const[]){"d", NULL});
    expect("t_gone", "# HELP t_gone G.\n# TYPE t_gone gauge\n"
                     "t_gone{ns=\"a\"} 0\nt_gone{ns=\"c\"} 2\n");
    cleat_metric_set(cleat_metric_with(f, (const char *const[]){"b", NULL}), 7); /* a new one */
    expect("t_gone", "# HELP t_gone G.\n# TYPE t_gone gauge\n"
                     "t_gone{ns=\"a\"} 0\nt_gone{ns=\"c\"} 2\nt_gone{ns=\"b\"} 7\n");
    for (int i = 0; i < 3; i++) {
        char ns[2] = {(char)('a' + i), '\0'};
        cleat_metric_remove(f, (const char *const[]){ns, NULL});
    }
    expect("t_gone", ""); /* a family of none is not told of */
}

static void test_log_line(void) {
    int fds[2], keep = dup(STDERR_FILENO);
    KT_REQUIRE(pipe(fds) == 0 && keep >= 0);
    dup2(fds[1], STDERR_FILENO);
    struct cleat_log_field f[] = {CLEAT_LOG_STR("node", cleat_s("a-1")),
                                  CLEAT_LOG_STR("why", cleat_s("two words\n")),
                                  CLEAT_LOG_STR("empty", cleat_s("")), CLEAT_LOG_INT("n", -7)};
    cleat_log_set_level(CLEAT_LOG_INFO);
    cleat_log_write(CLEAT_LOG_WARN, "store", "it \"said\"\nso", f, 4);
    cleat_log_write(CLEAT_LOG_DEBUG, "store", "not this one", NULL, 0);
    cleat_logf(CLEAT_LOG_INFO, "x", "%d%%", 50);
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(fds[1]);
    char got[1024];
    ssize_t n = read(fds[0], got, sizeof got - 1);
    close(fds[0]);
    KT_REQUIRE(n > 0);
    got[n] = '\0';
    char *second = strchr(got, '\n');
    KT_REQUIRE(second != NULL);
    *second++ = '\0';
    char *rest = strchr(got, ' ');
    KT_REQUIRE(rest != NULL);
    cleat_time when;
    KT_EQ_INT(cleat_time_parse((struct cleat_str){got, (size_t)(rest - got)}, &when), CLEAT_OK);
    KT_EQ_STR(rest, " WARN  store msg=\"it \\\"said\\\"\\nso\" node=a-1 why=\"two words\\n\""
                    " empty=\"\" n=-7");
    KT_TRUE(strstr(second, " INFO  x msg=\"50%\"\n") != NULL);
    KT_TRUE(strstr(second, "not this one") == NULL);
}

KT_MAIN("base_metrics", KT_TEST(test_counter_and_gauge), KT_TEST(test_labels),
        KT_TEST(test_histogram), KT_TEST(test_scrape_hook), KT_TEST(test_threads),
        KT_TEST(test_removed_series), KT_TEST(test_log_line))
