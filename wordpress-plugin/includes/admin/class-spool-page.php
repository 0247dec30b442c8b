<?php
/**
 * The page "Gateway › Submissions".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows what waits, what was delivered and what needs a person; resends and exports rows.
 */
final class Spool_Page {

	public const RESEND = 'gateway_connector_resend';
	public const RESUME = 'gateway_connector_resume';
	public const EXPORT = 'gateway_connector_export';

	private Settings $settings;

	private Spool_Records $records;

	private Notices $notices;

	public function __construct( Settings $settings, Spool_Records $records, Notices $notices ) {
		$this->settings = $settings;
		$this->records  = $records;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 11 );
		add_action( 'admin_post_' . self::RESEND, array( $this, 'resend' ) );
		add_action( 'admin_post_' . self::RESUME, array( $this, 'resume' ) );
		add_action( 'admin_post_' . self::EXPORT, array( $this, 'export' ) );
	}

	public function add(): void {
		$title = __( 'Submissions', 'gateway-connector' );
		add_submenu_page( Settings_Page::SLUG, $title, $title, Settings_Page::CAPABILITY, Spool_Records::PAGE, array( $this, 'print' ) );
	}

	/**
	 * Resends one row, the selected ones, or all of a state; or removes the selected ones. It also ends a wait after
	 * the gateway's errors, because a person asks.
	 */
	public function resend(): void {
		$this->authorize( Spool_Table::NONCE );
		$ticked = array_map( 'absint', Request::members( 'rows' ) );
		$button = sanitize_key( Request::text( 'ticked' ) );
		if ( 'discard' === $button ) {
			$this->report_discarded( $this->records->discard( $ticked ) );
			$this->redirect();
		}
		$state = sanitize_key( Request::text( 'resend_all' ) );
		if ( '' !== $state ) {
			$count = $this->records->resend_all( $state );
		} else {
			$count = $this->records->resend(
				'resend' === $button ? $ticked : array( absint( Request::text( 'resend' ) ) )
			);
		}
		if ( $count > 0 ) {
			$this->settings->hold( 0 );
			Schedule::send_soon();
			$this->notices->add(
				'success',
				sprintf(
					/* translators: %d: number of submissions and users */
					_n( '%d entry will be sent within a minute.', '%d entries will be sent within a minute.', $count, 'gateway-connector' ),
					$count
				)
			);
		} else {
			$this->notices->add( 'warning', __( 'There was nothing to resend. It may already be on its way.', 'gateway-connector' ) );
		}
		$this->redirect();
	}

	/**
	 * Downloads the rows as a table.
	 */
	public function export(): void {
		$this->authorize( self::EXPORT );
		$state = sanitize_key( Request::query( 'state' ) );
		if ( ! headers_sent() ) {
			nocache_headers();
			header( 'Content-Type: text/csv; charset=utf-8' );
			header( 'Content-Disposition: attachment; filename="submissions-' . wp_date( 'Y-m-d' ) . '.csv"' );
		}
		$output = fopen( 'php://output', 'wb' );
		( new Csv_Export( $this->records ) )->write( $output, $state );
		exit; // Which closes it.
	}

	/**
	 * Ends the pause; what waited becomes due at once.
	 */
	public function resume(): void {
		$this->authorize( self::RESUME );
		$this->settings->resume();
		$this->records->resend_all( Spool::WAITING );
		Schedule::send_soon();
		$this->notices->add( 'success', __( 'Sending is resumed. If the gateway still refuses, it pauses again.', 'gateway-connector' ) );
		$this->redirect();
	}

	public function print(): void {
		// A filter in a link changes nothing, so it needs no nonce.
		$state = sanitize_key( Request::query( 'state' ) );
		$table = new Spool_Table( $this->records, $state );
		$table->prepare_items();
		?>
		<div class="wrap gateway-connector-spool">
			<h1><?php esc_html_e( 'Submissions', 'gateway-connector' ); ?></h1>
			<p>
				<?php
				esc_html_e(
					'Each submission of a connected form, and each changed user, is an entry here until the gateway receives it.',
					'gateway-connector'
				);
				?>
				<?php esc_html_e( 'Rejected: fix the problem shown, then resend.', 'gateway-connector' ); ?>
			</p>
			<?php $table->views(); ?>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::RESEND ); ?>" />
				<?php $table->display(); ?>
			</form>
		</div>
		<?php
	}

	private function report_discarded( int $count ): void {
		/* translators: %d: number of submissions and users */
		$text = _n( '%d rejected entry was deleted.', '%d rejected entries were deleted.', $count, 'gateway-connector' );
		$this->notices->add( $count > 0 ? 'success' : 'warning', sprintf( $text, $count ) );
	}

	private function authorize( string $action ): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( $action );
	}

	private function redirect(): void {
		$back = wp_get_referer();
		wp_safe_redirect( false === $back ? Spool_Records::url() : $back );
		exit;
	}
}
