<?php
/**
 * What Site Health says of the domains that emails come from.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Sender_Domains;

final class Sender_Domains_Test extends Plugin_Test_Case {

	public function test_a_domain_in_order_needs_nothing(): void {
		$this->gateway->then( 200, array( 'items' => array( $this->domain( 'good' ) ) ) );

		$result = $this->domains()->test();

		self::assertSame( 'good', $result['status'] );
		self::assertStringContainsString( 'You need not do anything', $result['description'] );
	}

	public function test_what_is_wrong_is_shown_with_the_record_to_publish_and_asked_for_once(): void {
		$findings = array(
			$this->finding( 'error', 'No <b>DMARC</b>.', array( '_dmarc.shop.example', 'TXT', 'v=DMARC1; p=none' ) ),
			$this->finding( 'note', 'Nothing to do.', null ),
		);
		$this->gateway->then( 200, array( 'items' => array( $this->domain( 'good' ), $this->domain( 'wrong', $findings ) ) ) );

		$result = $this->domains()->test();
		$again  = $this->domains()->test();

		self::assertSame( 'critical', $result['status'] );
		self::assertStringContainsString(
			'No &lt;b&gt;DMARC&lt;/b&gt;.<br><code>_dmarc.shop.example TXT v=DMARC1; p=none</code>',
			$result['description']
		);
		self::assertStringNotContainsString( 'Nothing to do', $result['description'] );
		self::assertSame( $result, $again );
		self::assertCount( 1, $this->gateway->requests );
		self::assertStringEndsWith( '/sender-domains', $this->gateway->requests[0]['url'] );
	}

	/**
	 * @dataProvider answers_that_say_nothing
	 */
	public function test_a_gateway_that_says_nothing_worries_nobody( int $status, array $json ): void {
		$this->gateway->then( $status, $json );

		$result = $this->domains()->test();

		self::assertSame( 'good', $result['status'] );
		self::assertStringContainsString( 'could not be checked', $result['label'] );
	}

	public static function answers_that_say_nothing(): array {
		return array(
			'an old gateway'    => array( 404, array( 'code' => 'not_found' ) ),
			'trouble'           => array( 503, array() ),
			'no items'          => array( 200, array( 'items' => 'none' ) ),
			'the first look'    => array( 200, array( 'items' => array( array( 'domain' => 'shop.example', 'state' => 'checking' ) ) ) ),
			'nobody could tell' => array( 200, array( 'items' => array( array( 'domain' => 'shop.example', 'state' => 'unknown' ) ) ) ),
		);
	}

	private function domains(): Sender_Domains {
		return new Sender_Domains( $this->settings, new Gateway_Client( $this->settings ) );
	}

	private function domain( string $state, array $findings = array() ): array {
		return array(
			'domain'   => 'shop.example',
			'state'    => $state,
			'findings' => $findings,
		);
	}

	private function finding( string $severity, string $message, ?array $record ): array {
		return array(
			'severity' => $severity,
			'message'  => $message,
			'publish'  => null === $record ? null : array_combine( array( 'name', 'type', 'value' ), $record ),
		);
	}
}
