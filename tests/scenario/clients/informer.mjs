// SPDX-License-Identifier: Apache-2.0
// An informer of the JavaScript client on config maps, told what to do on standard
// input: "list" prints its cache, "get NAME" asks the server. What it hears goes to
// standard output, one line each.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(process.env.CLIENT_NODE + '/');
const k8s = await import(require.resolve('@kubernetes/client-node'));
const config = new k8s.KubeConfig();
config.loadFromDefault();
const api = config.makeApiClient(k8s.CoreV1Api);
const namespace = 'default';
const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`,
    () => api.listNamespacedConfigMap({ namespace, labelSelector: 'watched=yes' }), 'watched=yes');

const say = (...words) => console.log(words.join(' '));
informer.on('add', (o) => say('add', o.metadata.name, o.data?.v ?? ''));
informer.on('update', (o) => say('update', o.metadata.name, o.data?.v ?? ''));
informer.on('delete', (o) => say('delete', o.metadata.name));
informer.on('error', (e) => {
    say('error', e?.statusCode ?? e?.code ?? e);
    setTimeout(() => informer.start(), 100);
});
await informer.start();
say('started');

for await (const line of createInterface({ input: process.stdin })) {
    const [word, name] = line.split(' ');
    if (word === 'list') {
        say('cache', informer.list().map((o) => o.metadata.name).sort().join(','));
    } else if (word === 'create') {
        const o = await api.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels: { watched: 'yes' } }, data: { v: '1' } } });
        say('created', o.metadata.uid !== undefined);
    } else if (word === 'get') {
        try {
            await api.readNamespacedConfigMap({ name, namespace });
            say('got', name);
        } catch (e) {
            say('failed', e.code, JSON.parse(e.body).reason);
        }
    }
}
process.exit(0);
