<?php
/**
 * The page with the submissions, and the plugin's coming and going.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Installation;
use Gateway_Connector\Notices;
use Gateway_Connector\Schedule;
use Gateway_Connector\Settings;
use Gateway_Connector\Spool;
use Gateway_Connector\Spool_Page;
use Gateway_Connector\Spool_Table;
use RuntimeException;

final class Admin_Pages_Test extends Plugin_Test_Case {

	public function test_the_page_shows_each_row_with_its_reason_and_nobodys_data(): void {
		$form = $this->create_form();
		$this->post( $form, array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org' ) );
		$this->spool->reject( $this->spool->claim( 1 )[0], 'There is no <field> your-email.' );
		$this->spool_submission();

		$page = $this->page();

		self::assertMatchesRegularExpression(
			'~Contact.*Rejected.*There is no your-email\.|Contact.*Rejected.*There is no &lt;field&gt; your-email\.~s',
			$page
		);
		self::assertStringContainsString( 'Waiting <span class="count">(1)', $page );
		self::assertStringContainsString( 'Rejected <span class="count">(1)', $page );
		self::assertStringNotContainsString( 'ann@example.org', $page );
	}

	public function test_the_page_can_be_filtered_by_state(): void {
		$this->spool_submission();
		$this->spool->reject( $this->spool->claim( 1 )[0], 'Refused for a reason.' );
		$this->spool_submission();

		self::assertStringContainsString( 'Refused for a reason.', $this->page( 'rejected' ) );
		self::assertStringNotContainsString( 'Refused for a reason.', $this->page( 'waiting' ) );
	}

	public function test_one_row_is_sent_again(): void {
		$this->spool_submission();
		$this->spool->reject( $this->spool->claim( 1 )[0], 'refused' );

		$said = $this->act( 'resend', Spool_Table::NONCE, array( 'resend' => $this->row()->id ) );

		self::assertStringContainsString( '1 entry will be sent', $said );
		self::assertSame( 'waiting', $this->row()->state );
		self::assertNotFalse( wp_next_scheduled( Schedule::NOW ) );
	}

	public function test_all_rejected_rows_are_sent_again(): void {
		$this->spool_submission();
		$this->spool_submission();
		array_map( fn( $row ) => $this->spool->reject( $row, 'refused' ), $this->spool->claim( 2 ) );

		$said = $this->act( 'resend', Spool_Table::NONCE, array( 'resend_all' => 'rejected' ) );

		self::assertStringContainsString( '2 entries will be sent', $said );
		self::assertSame( 2, $this->records->counts()['waiting'] );
	}

	public function test_the_ticked_rows_are_sent_again_and_a_wait_ends(): void {
		foreach ( range( 1, 3 ) as $ignored ) {
			$this->reject_submission();
		}
		$this->settings->hold( 600 );
		$ids = array_column( $this->rows(), 'id' );

		$said = $this->act( 'resend', Spool_Table::NONCE, array( 'ticked' => 'resend', 'rows' => array( $ids[0], $ids[2] ) ) );

		self::assertStringContainsString( '2 entries will be sent', $said );
		self::assertSame( array( 'waiting', 'rejected', 'waiting' ), array_column( $this->rows(), 'state' ) );
		self::assertTrue( $this->settings->may_send() );
	}

	public function test_only_rejected_rows_can_be_deleted(): void {
		$this->reject_submission();
		$this->spool_submission();
		$this->spool->deliver( $this->spool->claim( 1 )[0], 'sub_1' );
		$this->spool_submission();

		$said = $this->act( 'resend', Spool_Table::NONCE, array( 'ticked' => 'discard', 'rows' => array_column( $this->rows(), 'id' ) ) );

		self::assertStringContainsString( '1 rejected entry was deleted', $said );
		self::assertSame( array( 'delivered', 'waiting' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_ticking_nothing_changes_nothing(): void {
		$this->reject_submission();

		$this->act( 'resend', Spool_Table::NONCE, array( 'ticked' => 'resend' ) );
		$this->act( 'resend', Spool_Table::NONCE, array( 'ticked' => 'discard' ) );

		self::assertSame( 'rejected', $this->row()->state );
	}

	public function test_the_page_offers_what_can_be_done(): void {
		self::assertStringNotContainsString( '<button', $this->page() );

		$this->reject_submission();
		$page = $this->page( 'rejected' );

		self::assertMatchesRegularExpression( '~type="checkbox" name="rows\[\]" value="' . $this->row()->id . '"~', $page );
		self::assertStringContainsString( 'Resend all rejected', $page );
		self::assertStringContainsString( 'Resend selected', $page );
		self::assertStringContainsString( 'Delete selected rejected', $page );
		self::assertMatchesRegularExpression(
			'~admin-post\.php\?action=gateway_connector_export[^"]*state=rejected[^"]*_wpnonce=~',
			$page
		);
	}

	public function test_a_submission_of_no_form_says_so(): void {
		self::assertTrue( gateway_connector_submit( array( 'fields' => array( 'email' => 'ann@example.org' ) ) ) );

		self::assertStringContainsString( 'Other source', $this->page() );
	}

	public function test_a_submission_of_another_form_has_the_title_that_came_with_it(): void {
		$form = array( 'id' => 'subscribe-footer', 'title' => 'Footer & more' );
		self::assertTrue( gateway_connector_submit( array( 'form' => $form, 'fields' => array( 'email' => 'ann@example.org' ) ) ) );

		self::assertStringContainsString( '<strong>Footer &amp; more</strong>', $this->page() );
	}

	public function test_delivered_rows_cannot_be_sent_again(): void {
		$this->spool_submission();
		$this->spool->deliver( $this->spool->claim( 1 )[0], 'sub_1' );

		$this->act( 'resend', Spool_Table::NONCE, array( 'resend' => $this->row()->id ) );
		$this->act( 'resend', Spool_Table::NONCE, array( 'resend_all' => 'delivered' ) );

		self::assertSame( 'delivered', $this->row()->state );
	}

	public function test_a_pause_is_announced_and_resuming_makes_everything_due(): void {
		$this->spool_submission();
		$this->spool->postpone( $this->spool->claim( 1 )[0], 'down' );
		$this->settings->pause( 'The <key> is wrong.' );
		self::assertMatchesRegularExpression( '~sending is paused\..*The &lt;key&gt; is wrong\..*Resume~s', $this->notices() );

		$this->act( 'resume', Spool_Page::RESUME, array() );

		self::assertStringNotContainsString( 'paused', $this->notices() );
		self::assertLessThanOrEqual( 0, $this->seconds_until_due( $this->row() ) );
	}

	public function test_people_who_do_not_manage_the_site_see_no_pause(): void {
		$this->settings->pause( 'The key is wrong.' );
		wp_set_current_user( 0 );

		self::assertSame( '', $this->notices() );
	}

	/** @dataProvider intruders */
	public function test_only_administrators_with_a_fresh_form_may_act( string $action, int $user, ?string $nonce ): void {
		wp_set_current_user( $user );

		$this->expectException( RuntimeException::class );
		$this->expectExceptionMessage( 'wp_die' );
		$this->act(
			$action,
			$nonce ?? array( 'resend' => Spool_Table::NONCE, 'resume' => Spool_Page::RESUME, 'export' => Spool_Page::EXPORT )[ $action ],
			array( 'resend_all' => 'rejected' )
		);
	}

	public function intruders(): array {
		return array(
			'resend, guest'         => array( 'resend', 0, null ),
			'resend, wrong purpose' => array( 'resend', 1, 'something else' ),
			'export, guest'         => array( 'export', 0, null ),
			'export, wrong purpose' => array( 'export', 1, 'something else' ),
			'resume, guest'         => array( 'resume', 0, null ),
			'resume, wrong purpose' => array( 'resume', 1, 'something else' ),
		);
	}

	public function test_the_recurring_event_comes_back_when_something_removed_it(): void {
		Schedule::clear();
		self::assertFalse( wp_next_scheduled( Schedule::EVERY_MINUTE ) );

		( new Schedule( '__return_true' ) )->ensure();

		self::assertSame( MINUTE_IN_SECONDS, wp_get_scheduled_event( Schedule::EVERY_MINUTE )->interval );
	}

	public function test_the_recurring_event_sends(): void {
		$this->spool_submission();
		$this->gateway->then_items( 202 );

		do_action( Schedule::EVERY_MINUTE );

		self::assertSame( 'delivered', $this->row()->state );
	}

	public function test_action_scheduler_sends_too_where_it_is_there(): void {
		require_once __DIR__ . '/action-scheduler.php';
		$GLOBALS['scheduled_actions'] = array();

		do_action( 'action_scheduler_init' );
		do_action( 'action_scheduler_init' );
		self::assertSame(
			array( array( Schedule::EVERY_MINUTE, 5 * MINUTE_IN_SECONDS, 'gateway-connector' ) ),
			$GLOBALS['scheduled_actions']
		);

		Schedule::clear();
		self::assertSame( array(), $GLOBALS['scheduled_actions'] );
	}

	public function test_an_update_creates_a_missing_table(): void {
		Installation::remove();

		( new Installation( $this->spool ) )->update();

		self::assertTrue( $this->spool->add( 4, array() ) );
	}

	private function page( string $state = '' ): string {
		$_GET['state'] = $state;
		set_current_screen( 'gateway_page_gateway-connector-spool' );
		$page = self::output( array( $this->spool_page(), 'print' ) );
		unset( $_GET['state'] );
		return $page;
	}

	private function notices(): string {
		return self::output( array( new Notices( $this->settings ), 'print' ) );
	}

	/**
	 * Does what a button of the page does, and returns the notice that follows.
	 */
	private function act( string $action, string $nonce, array $post ): string {
		$_POST    = wp_slash( $post );
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( $nonce ) );
		$this->end_requests_by_exceptions();
		try {
			$this->spool_page()->$action();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		}
		return $this->notices();
	}

	private function spool_page(): Spool_Page {
		return new Spool_Page( $this->settings, $this->records, new Notices( $this->settings ) );
	}
}
