/** A small snapshot of reserved names and addresses (RFC 2606, RFC 5737), for trying cct without a network. */
export const sampleSnapshotText: string = [
  '# cct snapshot 1',
  '# date: 2018-01-31',
  '# origin: built-in sample of made-up panels',
  '# entries: 8',
  '# columns: date covers url ip family',
  '2018-01-14\turl\tpanel.example/d12/cp.php?m=login\t198.51.100.60\tPony',
  '2017-12-10\turl\tshop.example/~admin/panel/admin.php\t198.51.100.60\tAZORult',
  '2017-10-14\turl\tport.example:8443/verification/login.php\t203.0.113.59\tWebInject',
  '2017-06-30\turl\tbücher.example/inc/backup.php\t203.0.113.7\tWSO',
  '2017-03-16\turl\t192.0.2.50/gate/\t\tZeuS (Cit design)',
  '2016-11-02\thost\tdrop.example\t\tKeitaro',
  '2016-05-05\turl\told.example/statistics/Log%20in/\t203.0.113.130\t',
  '\turl\tundated.example/pony/admin.php\t203.0.113.7\tPony',
  '',
].join('\n');
