# An SMSC made with Net::SMPP (Debian libnet-smpp-perl). It prints its port, then one line of hex for each submission:
# source, destination, esm_class, data_coding, short_message, tab separated.
use strict;
use warnings;
use Net::SMPP;

$| = 1;
my $listen = Net::SMPP->new_listen('127.0.0.1', port => 0, timeout => undef) or die "listen: $!";
print $listen->sockport, "\n";
my $count = 77;
while (my $smsc = $listen->accept) {
    while (my $pdu = $smsc->read_pdu) {
        if ($pdu->{cmd} == Net::SMPP::CMD_bind_transceiver) {
            $smsc->bind_transceiver_resp(system_id => 'perl', seq => $pdu->{seq});
            $smsc->deliver_sm(
                source_addr_ton => 1, source_addr_npi => 1, source_addr => '447700900123', destination_addr => '12345',
                data_coding => 8, short_message => "\x04\x1f\x04\x40\x04\x38", async => 1);
        }
        elsif ($pdu->{cmd} == Net::SMPP::CMD_submit_sm) {
            my $id = sprintf '%08d', $count++;
            print join("\t", $pdu->{source_addr}, $pdu->{destination_addr}, $pdu->{esm_class}, $pdu->{data_coding},
                unpack('H*', $pdu->{short_message})), "\n";
            $smsc->submit_sm_resp(message_id => $id, seq => $pdu->{seq});
            (my $bare = $id) =~ s/^0+//;
            $smsc->deliver_sm(
                source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr}, esm_class => 4,
                short_message => "id:$bare sub:001 dlvrd:001 submit date:2607010930 done date:2607010931 stat:DELIVRD err:000 Text:",
                async => 1);
        }
        elsif ($pdu->{cmd} == Net::SMPP::CMD_enquire_link) {
            $smsc->enquire_link_resp(seq => $pdu->{seq});
        }
        elsif ($pdu->{cmd} == Net::SMPP::CMD_unbind) {
            $smsc->unbind_resp(seq => $pdu->{seq});
            last;
        }
    }
    $smsc->close;
}
