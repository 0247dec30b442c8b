<?php
/**
 * The gateway's figures, and the page that shows them.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use DOMDocument;
use Gateway_Connector\Dashboard_Widget;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Settings;
use Gateway_Connector\Statistics;
use Gateway_Connector\Statistics_Page;
use WP_Error;

final class Statistics_Test extends Plugin_Test_Case {

	protected function tearDown(): void {
		$_GET = array();
		parent::tearDown();
	}

	public function test_the_page_shows_what_came_in_and_who_confirmed(): void {
		$form = $this->create_form();
		$this->gateway->then( 200, $this->status( 30, (string) $form->id() ) );

		$text = self::text( $this->page() );

		self::assertMatchesRegularExpression( '/Submissions 1,200 To be confirmed 30 Confirmed 90 Rate 75\.0 %/', $text );
		self::assertMatchesRegularExpression( '/By form .* Contact 1,100 25 80 76\.2 % Other source 100 5 10 66\.7 %/', $text );
		self::assertStringContainsString( 'Updated just now.', $text );
		self::assertMatchesRegularExpression( '/Email A mail did not go out: 550 no such user\. 3 \S/', $text );
		self::assertMatchesRegularExpression( '/Mailing list Mailjet does not know this list\. 1 —/', $text );
	}

	public function test_what_became_of_emails_is_shown_with_why_nobody_writes_to_whom(): void {
		$this->gateway->then( 200, $this->mails( 5000, array( 'bounced' => 7, 'complained' => 1 ), 0.0021 ) );

		$text = self::text( $this->page() );

		self::assertMatchesRegularExpression(
			'/What became of emails Sent 5,000 Delivered 4,900 Bounced 7 Returned 3 Called spam 10 Spam rate 0\.21 %/',
			$text
		);
		self::assertStringContainsString( '7 addresses do not exist: emails to them came back.', $text );
		self::assertStringContainsString( '1 person called your emails spam.', $text );
		self::assertStringContainsString( 'The gateway refuses further emails to them', $text );
	}

	public function test_without_complaints_it_says_so_and_an_older_gateway_shows_nothing_of_it(): void {
		$this->gateway->then( 200, $this->mails( 50, array(), null ) );
		$text = self::text( $this->page() );
		self::assertStringContainsString( 'Spam rate not enough data', $text );
		self::assertStringContainsString( 'Nobody: no emails came back for good', $text );

		delete_transient( Statistics::TRANSIENT );
		$this->gateway->then( 200, $this->status( 30 ) );
		self::assertStringNotContainsString( 'What became of emails', self::text( $this->page() ) );
	}

	public function test_what_failed_for_a_suppression_or_a_bounce_is_said_in_the_owners_words(): void {
		$status           = $this->status( 30 );
		$status['errors'] = array(
			array( 'kind' => 'submission', 'code' => 'suppressed', 'detail' => 'Nothing was sent: the address …', 'count' => 2 ),
			array( 'kind' => 'mail', 'code' => 'mail_bounced', 'detail' => '550 5.1.1 no such user', 'count' => 1 ),
		);
		$this->gateway->then( 200, $status );

		$text = self::text( $this->page() );

		self::assertMatchesRegularExpression( '/Submission Nothing was sent: the address is not written to any more\. .* 2 —/', $text );
		self::assertMatchesRegularExpression( '/Email The email came back: .* \(550 5\.1\.1 no such user\)\. .* 1 —/', $text );
	}

	public function test_a_limit_that_is_reached_and_a_brake_are_said_wherever_the_owner_looks(): void {
		$status                        = $this->mails( 5000, array(), 0.004 );
		$status['mails']['thresholds'] = array(
			array(
				'sender'   => 'shop.example',
				'provider' => 'gmail.com',
				'measure'  => 'complaints',
				'level'    => 'brake',
				'rate'     => 0.004,
				'limit'    => 0.003,
			),
			array(
				'sender'   => 'shop.example',
				'provider' => '*',
				'measure'  => 'bounces',
				'level'    => 'warning',
				'rate'     => 0.06,
				'limit'    => 0.05,
			),
		);
		$status['problems']            = array(
			array( 'connection' => 'mail', 'code' => 'brake', 'reason' => 'x', 'since' => '2026-11-20T10:00:00Z', 'waiting' => 12 ),
		);
		$this->gateway->then( 200, $status );
		$text       = self::text( $this->page() );
		$statistics = new Statistics( $this->settings, new Gateway_Client( $this->settings ) );
		$reported   = implode( "\n", $statistics->reported() );

		$said = '0.40 % of emails from shop.example to gmail.com were called spam; the limit is 0.30 %.';
		self::assertStringContainsString( $said, $text );
		self::assertStringContainsString( $said, $reported );
		self::assertStringContainsString( '6.00 % of emails from shop.example to all providers went to addresses', $reported );
		self::assertStringContainsString( 'The gateway has stopped bulk emails (12 waiting)', $reported );
		$widget = self::text( self::output( array( new Dashboard_Widget( $this->records, $statistics ), 'print' ) ) );
		self::assertStringContainsString( '5,000 sent, 7 bounced, 10 called spam', $widget );
	}

	public function test_the_question_is_signed_short_and_about_whole_days(): void {
		$this->gateway->then( 200, $this->status( 7 ) );

		$this->page( array( 'days' => '7', 'form' => '4 & 5' ) );

		$request = $this->gateway->requests[0];
		parse_str( (string) wp_parse_url( $request['url'], PHP_URL_QUERY ), $asked );
		self::assertSame( Fake_Gateway::URL . '/v1/sites/site_1/status', strtok( $request['url'], '?' ) );
		self::assertSame( array( 'from' => gmdate( 'Y-m-d', time() - 6 * DAY_IN_SECONDS ) . 'T00:00:00Z', 'form' => '4 & 5' ), $asked );
		self::assertLessThanOrEqual( 3, $request['timeout'] );
		$this->assert_signed( $request, time() );
	}

	public function test_figures_are_kept_for_minutes_and_each_span_and_form_has_its_own(): void {
		$this->gateway->then( 200, $this->status( 30 ) );
		$this->page();
		$this->page();
		self::assertCount( 1, $this->gateway->requests );

		$this->gateway->then( 200, $this->status( 7 ) );
		$this->gateway->then( 200, $this->status( 7 ) );
		$this->page( array( 'days' => '7' ) );
		$this->page( array( 'days' => '7', 'form' => '4' ) );
		$this->pass( 6 * MINUTE_IN_SECONDS );
		$this->gateway->then( 200, $this->status( 30 ) );
		$this->page();

		self::assertCount( 4, $this->gateway->requests );
	}

	public function test_when_the_gateway_is_away_the_old_figures_stay_and_say_their_age_and_it_is_asked_once_a_minute(): void {
		$this->gateway->then( 200, $this->status( 30 ) );
		$this->page();
		$this->pass( 2 * HOUR_IN_SECONDS );
		$this->gateway->then( new WP_Error( 'http', 'cURL error 28: Operation timed out' ) );

		$first = self::text( $this->page() );
		$this->page();
		self::assertCount( 2, $this->gateway->requests );
		$this->pass( 2 * MINUTE_IN_SECONDS );
		$this->gateway->then( 200, $this->status( 30 ) );
		$again = self::text( $this->page() );

		self::assertStringContainsString(
			'Newer figures are not available: gw.example did not answer in time. Updated 2 hours ago.',
			$first
		);
		self::assertStringContainsString( 'Submissions 1,200', $first );
		self::assertStringNotContainsString( 'not available', $again );
	}

	public function test_without_any_figures_the_page_says_why(): void {
		$this->gateway->then( 503, array( 'detail' => 'Come back later.' ) );

		$text = self::text( $this->page() );

		self::assertStringContainsString( 'gw.example answered with status 503. Come back later. There are no figures yet.', $text );
		self::assertStringNotContainsString( 'Over time', $text );
		self::assertStringContainsString( 'On this site', $text );
	}

	public function test_before_the_site_is_connected_nothing_is_asked(): void {
		delete_option( Settings::KEY );

		self::assertStringContainsString( 'Connect this site', $this->page() );
		self::assertSame( array(), $this->gateway->requests );
	}

	public function test_another_gateways_figures_are_not_shown(): void {
		$this->gateway->then( 200, $this->status( 30 ) );
		$this->page();
		$this->settings->save_key( Fake_Gateway::key( 'https://other.example' ) );
		$this->gateway->then( 500 );

		self::assertStringContainsString( 'There are no figures yet.', $this->page() );
	}

	/**
	 * Days, and how many bars they make.
	 */
	public function spans(): array {
		return array(
			'a week'  => array( 7, 7, 'days' ),
			'a month' => array( 30, 30, 'days' ),
			'weeks'   => array( 90, 13, 'weeks' ),
			'months'  => array( 365, 13, 'months' ),
		);
	}

	/**
	 * A bar for each step of time, and a row with the same figures.
	 *
	 * @dataProvider spans
	 */
	public function test_the_chart_has_as_many_bars_as_can_be_seen_and_a_table_says_the_same( int $days, int $max ): void {
		$this->gateway->then( 200, $this->status( $days ) );

		$page = new DOMDocument();
		$page->loadHTML( '<?xml encoding="UTF-8">' . $this->page( array( 'days' => (string) $days ) ), LIBXML_NOERROR );

		$bars = $page->getElementsByTagName( 'g' );
		self::assertLessThanOrEqual( $max, $bars->length );
		self::assertGreaterThanOrEqual( $max - 1, $bars->length );
		self::assertSame( 'img', $page->getElementsByTagName( 'svg' )->item( 0 )->getAttribute( 'role' ) );
		$body = $page->getElementsByTagName( 'details' )->item( 0 )->getElementsByTagName( 'tbody' )->item( 0 );
		$rows = $body->getElementsByTagName( 'tr' );
		self::assertSame( $bars->length, $rows->length );
		$sum = 0;
		foreach ( $rows as $row ) {
			$sum += (int) $row->getElementsByTagName( 'td' )->item( 0 )->textContent;
		}
		self::assertSame( 2 * $days, $sum );
	}

	public function test_nothing_the_gateway_says_becomes_markup_and_nonsense_is_shown_as_nothing(): void {
		$this->gateway->then(
			200,
			array(
				'submissions' => 'many',
				'days'        => array( 7, array( 'day' => '<script>', 'accepted' => -3 ) ),
				'forms'       => array( array( 'form' => '<script>alert(1)</script>', 'rate' => 'x' ) ),
				'errors'      => array( array( 'kind' => '<b>', 'detail' => '<img src=x onerror=alert(1)>', 'lastAt' => 'never' ) ),
			)
		);

		$page = $this->page();

		self::assertStringNotContainsString( '<script', $page );
		self::assertStringNotContainsString( '<img', $page );
		self::assertStringContainsString( 'Submissions 0', self::text( $page ) );
	}

	public function test_nothing_on_the_page_comes_from_elsewhere(): void {
		$this->gateway->then( 200, $this->status( 30 ) );

		$page = $this->page();

		self::assertDoesNotMatchRegularExpression( '~(src|href)="(?!' . preg_quote( admin_url(), '~' ) . ')~', $page );
		self::assertStringNotContainsString( '<script', $page );
	}

	public function test_the_dashboard_shows_what_is_known_and_leaves_the_asking_to_cron(): void {
		$statistics = new Statistics( $this->settings, new Gateway_Client( $this->settings ) );
		$statistics->register();
		$dashboard = new Dashboard_Widget( $this->records, $statistics );
		$widget    = static fn(): string => self::text( self::output( array( $dashboard, 'print' ) ) );

		self::assertStringNotContainsString( 'Confirmed', $widget() );
		self::assertSame( array(), $this->gateway->requests );
		self::assertNotFalse( wp_next_scheduled( Statistics::REFRESH ) );

		$this->gateway->then( 200, $this->status( 30 ) );
		do_action( Statistics::REFRESH );

		self::assertStringContainsString( 'Confirmed in 30 days 90, and 30 to be confirmed (1 second ago)', $widget() );
		self::assertCount( 1, $this->gateway->requests );
	}

	public function test_the_spools_age_is_on_the_page(): void {
		$this->gateway->then( 200, $this->status( 30 ) );
		$this->spool_submission();
		$this->age( 3 * HOUR_IN_SECONDS );

		self::assertStringContainsString( 'Waiting 1 Oldest waiting 3 hours ago', self::text( $this->page() ) );
	}

	/**
	 * An answer of the gateway about so many days.
	 */
	private function status( int $days, string $form = '4' ): array {
		$status = array(
			'submissions'   => array( 'accepted' => 1200, 'waiting' => 0, 'failed' => 2 ),
			'confirmations' => array( 'pending' => 30, 'confirmed' => 90, 'cancelled' => 0, 'expired' => 0, 'rate' => 0.75 ),
			'forms'         => array(
				array( 'form' => $form, 'accepted' => 1100, 'pending' => 25, 'confirmed' => 80, 'rate' => 0.7619 ),
				array( 'form' => null, 'accepted' => 100, 'pending' => 5, 'confirmed' => 10, 'rate' => 0.6667 ),
			),
			'days'          => array(),
			'errors'        => array(
				array(
					'kind' => 'mail',
					'code' => 'mail_failed',
					'detail' => 'A mail did not go out: 550 no such user.',
					'count' => 3,
					'lastAt' => '2026-11-20T10:00:00Z',
				),
				array(
					'kind' => 'list',
					'code' => 'list_sync_failed',
					'detail' => 'Mailjet does not know this list.',
					'count' => 1,
					'lastAt' => null,
				),
			),
		);
		for ( $day = $days - 1; $day >= 0; $day-- ) {
			$status['days'][] = array(
				'day' => gmdate( 'Y-m-d', time() - $day * DAY_IN_SECONDS ),
				'accepted' => 2,
				'pending' => 1,
				'confirmed' => 1,
			);
		}
		return $status;
	}

	/**
	 * An answer about emails too.
	 */
	private function mails( int $sent, array $suppressed, ?float $rate ): array {
		return $this->status( 30 ) + array(
			'mails' => array(
				'sent'          => $sent,
				'delivered'     => max( 0, $sent - 100 ),
				'bounced'       => 7,
				'returned'      => 3,
				'complained'    => 10,
				'complaintRate' => $rate,
				'suppressed'    => $suppressed,
				'thresholds'    => array(),
			),
		);
	}

	private function page( array $query = array() ): string {
		$_GET = $query;
		return self::output(
			array(
				new Statistics_Page(
					$this->settings,
					new Statistics( $this->settings, new Gateway_Client( $this->settings ) ),
					$this->records
				),
				'print',
			)
		);
	}

	/**
	 * Lets time pass for what is kept of the gateway's answers.
	 */
	private function pass( int $seconds ): void {
		$entries = get_transient( Statistics::TRANSIENT );
		foreach ( $entries as &$entry ) {
			$entry['at']    -= $seconds;
			$entry['tried'] -= $seconds;
		}
		set_transient( Statistics::TRANSIENT, $entries );
	}

	private static function text( string $html ): string {
		return trim( (string) preg_replace( '/\s+/', ' ', html_entity_decode( (string) preg_replace( '/<[^>]+>/', ' ', $html ) ) ) );
	}
}
