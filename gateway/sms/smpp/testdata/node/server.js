// An SMSC made with the npm package "smpp". It prints its port, then one JSON line for each submission.
'use strict';
const smpp = require('smpp');

let count = 0x1a2b3c;

const server = smpp.createServer((session) => {
  session.on('error', () => session.destroy());
  session.on('bind_transceiver', (pdu) => {
    if (pdu.password !== 'secret') {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      session.close();
      return;
    }
    session.send(pdu.response());
    session.deliver_sm({ source_addr_ton: 1, source_addr: '447700900123', destination_addr: '12345', short_message: 'Привет €' });
  });
  session.on('submit_sm', (pdu) => {
    const id = count++;
    const text = pdu.short_message.message;
    console.log(JSON.stringify({
      from: pdu.source_addr, to: pdu.destination_addr, text: Buffer.isBuffer(text) ? text.toString('latin1') : text,
      udh: (pdu.short_message.udh || []).map((b) => b.toString('hex')).join(''), coding: pdu.data_coding,
      validity: String(pdu.validity_period && pdu.validity_period.toISOString ? 'set' : pdu.validity_period || ''),
    }));
    session.send(pdu.response({ message_id: id.toString(16) }));
    session.deliver_sm({
      source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2607010930 done date:2607010931 stat:DELIVRD err:000 text:`,
      receipted_message_id: String(id), message_state: smpp.MESSAGE_STATE.DELIVERED,
    });
  });
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
});

server.listen(0, '127.0.0.1', () => console.log((server.address ? server : server._server).address().port));
process.stdin.on('end', () => process.exit(0)).resume();
