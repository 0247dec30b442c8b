<?php
/**
 * The page "Gateway › Submissions".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows what waits, what was delivered and what needs a person, and sends again.
 */
final class Spool_Page {

	public const SLUG   = 'gateway-connector-spool';
	public const RESEND = 'gateway_connector_resend';
	public const RESUME = 'gateway_connector_resume';

	private Settings $settings;

	private Spool $spool;

	private Notices $notices;

	public function __construct( Settings $settings, Spool $spool, Notices $notices ) {
		$this->settings = $settings;
		$this->spool    = $spool;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 11 );
		add_action( 'admin_post_' . self::RESEND, array( $this, 'resend' ) );
		add_action( 'admin_post_' . self::RESUME, array( $this, 'resume' ) );
	}

	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::SLUG );
	}

	public function add(): void {
		$title = __( 'Submissions', 'gateway-connector' );
		add_submenu_page( Settings_Page::SLUG, $title, $title, Settings_Page::CAPABILITY, self::SLUG, array( $this, 'print' ) );
	}

	/**
	 * Sends one row again, or all of a state.
	 */
	public function resend(): void {
		$this->authorize( Spool_Table::NONCE );
		$state = isset( $_POST['resend_all'] ) ? sanitize_key( $_POST['resend_all'] ) : '';
		if ( in_array( $state, array( Spool::PARKED, Spool::WAITING ), true ) ) {
			$count = $this->spool->resend_all( $state );
		} else {
			$count = (int) $this->spool->resend( isset( $_POST['resend'] ) ? absint( $_POST['resend'] ) : 0 );
		}
		if ( $count > 0 ) {
			Schedule::send_soon();
			/* translators: %d: number of submissions */
			$this->notices->add( 'success', sprintf( _n( '%d submission will be sent within a minute.', '%d submissions will be sent within a minute.', $count, 'gateway-connector' ), $count ) );
		} else {
			$this->notices->add( 'warning', __( 'There was nothing to send again; it may be on its way already.', 'gateway-connector' ) );
		}
		$this->leave();
	}

	/**
	 * Ends the pause; what waited becomes due at once.
	 */
	public function resume(): void {
		$this->authorize( self::RESUME );
		$this->settings->resume();
		$this->spool->resend_all( Spool::WAITING );
		Schedule::send_soon();
		$this->notices->add( 'success', __( 'Sending goes on. If the gateway still refuses, it pauses again.', 'gateway-connector' ) );
		$this->leave();
	}

	public function print(): void {
		// A filter in a link changes nothing, so it needs no nonce.
		$state = isset( $_GET['state'] ) ? sanitize_key( $_GET['state'] ) : '';
		$table = new Spool_Table( $this->spool, $state );
		$table->prepare_items();
		?>
		<div class="wrap gateway-connector-spool">
			<h1><?php esc_html_e( 'Submissions', 'gateway-connector' ); ?></h1>
			<p>
				<?php esc_html_e( 'Every submission of a connected form is kept here until the gateway has it.', 'gateway-connector' ); ?>
				<?php esc_html_e( 'Parked ones were refused: put right what the gateway says, then send them again.', 'gateway-connector' ); ?>
			</p>
			<?php $table->views(); ?>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::RESEND ); ?>" />
				<?php $table->display(); ?>
			</form>
		</div>
		<?php
	}

	private function authorize( string $action ): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( $action );
	}

	private function leave(): void {
		wp_safe_redirect( wp_get_referer() ?: self::url() );
		exit;
	}
}
