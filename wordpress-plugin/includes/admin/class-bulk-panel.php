<?php
/**
 * The sync of all users, on the page "Gateway › Users".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Starts, shows, pauses and cancels the sync of all users. While the page is open, it drives the sync; otherwise the scheduled events do.
 */
final class Bulk_Panel {

	public const ACTION = 'gateway_connector_bulk';
	public const STEP   = 'gateway_connector_bulk_step';

	private const SECONDS = 3; // Of one step, so that the bar moves.
	private const LISTED  = 50;

	private Bulk_Sync $bulk;

	private Spool_Records $records;

	private Settings $settings;

	private Notices $notices;

	private Delivery $delivery;

	public function __construct( Bulk_Sync $bulk, Spool_Records $records, Settings $settings, Notices $notices, Delivery $delivery ) {
		$this->bulk     = $bulk;
		$this->records  = $records;
		$this->settings = $settings;
		$this->notices  = $notices;
		$this->delivery = $delivery;
	}

	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'act' ) );
		add_action( 'wp_ajax_' . self::STEP, array( $this, 'step' ) );
	}

	/**
	 * Runs the action of a button.
	 */
	public function act(): void {
		User_Page::authorize( self::ACTION );
		$button = sanitize_key( Request::text( 'bulk' ) );
		$again  = absint( Request::text( 'again' ) );
		if ( $again > 0 || 'again' === $button ) {
			$count = $again > 0 ? $this->records->resend( array( $again ) ) : $this->records->resend_users();
			$this->settings->hold( 0 );
			Schedule::send_soon();
			$this->notices->add(
				'success',
				sprintf(
					/* translators: %d: number of users */
					_n(
						'%d user will be sent again within a minute.',
						'%d users will be sent again within a minute.',
						$count,
						'gateway-connector'
					),
					$count
				)
			);
		} elseif ( in_array( $button, array( 'start', 'pause', 'resume', 'cancel' ), true ) ) {
			$this->bulk->$button();
		}
		User_Page::redirect();
	}

	/**
	 * The page's script calls this while the sync runs: it works for a moment and returns the progress.
	 */
	public function step(): void {
		check_ajax_referer( self::STEP );
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_send_json_error( null, 403 );
		}
		$this->delivery->run( self::SECONDS );
		wp_send_json_success( $this->status() );
	}

	public function print(): void {
		$status = $this->status();
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'Sync all users', 'gateway-connector' ); ?></h2>
			<div class="gateway-connector-bulk"
				data-url="<?php echo esc_url( $this->step_url() ); ?>"
				data-goes-on="<?php echo esc_attr( (string) $status['goesOn'] ); ?>"
				data-error="<?php esc_attr_e( 'The site did not answer. Trying again…', 'gateway-connector' ); ?>">
				<?php if ( '' !== $status['state'] ) : ?>
					<progress max="100" value="<?php echo esc_attr( (string) $status['percent'] ); ?>"
						aria-label="<?php esc_attr_e( 'Progress', 'gateway-connector' ); ?>"></progress>
				<?php endif; ?>
				<p class="gateway-connector-bulk-text" role="status"><?php echo esc_html( $status['text'] ); ?></p>
			</div>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::ACTION ); ?>" />
				<?php
				wp_nonce_field( self::ACTION );
				$this->print_buttons( $status['state'] );
				$this->print_failed();
				?>
			</form>
		</div>
		<?php
	}

	/**
	 * How far the sync is.
	 *
	 * @return array{state:string,percent:int,text:string,goesOn:int}
	 */
	private function status(): array {
		$progress = $this->bulk->progress();
		$state    = (string) ( $progress['state'] ?? '' );
		$waiting  = $this->records->waiting_users();
		$total    = max( 1, (int) ( $progress['total'] ?? 0 ), (int) ( $progress['passed'] ?? 0 ) );
		$done     = max( 0, (int) ( $progress['passed'] ?? 0 ) - $waiting );
		if ( Bulk_Sync::DONE === $state && 0 === $waiting ) {
			$done = $total;
		}
		return array(
			'state'   => $state,
			'percent' => (int) floor( 100 * $done / $total ),
			'text'    => $this->text( $state, $progress, $waiting ),
			'goesOn'  => (int) ( Bulk_Sync::RUNNING === $state || ( '' !== $state && $waiting > 0 && Bulk_Sync::PAUSED !== $state ) ),
		);
	}

	private function text( string $state, array $progress, int $waiting ): string {
		if ( '' === $state ) {
			$users = $this->bulk->count_users();
			/* translators: %s: number of users */
			$text = _n(
				'Checks %s user and sends what has changed. You can close this page, and run this again at any time.',
				'Checks %s users and sends what has changed. You can close this page, and run this again at any time.',
				$users,
				'gateway-connector'
			);
			return sprintf( $text, number_format_i18n( $users ) );
		}
		$labels = array(
			Bulk_Sync::RUNNING   => __( 'Running', 'gateway-connector' ),
			Bulk_Sync::PAUSED    => __( 'Paused', 'gateway-connector' ),
			Bulk_Sync::CANCELLED => __( 'Cancelled', 'gateway-connector' ),
			Bulk_Sync::DONE      => __( 'Done', 'gateway-connector' ),
		);
		$text   = sprintf(
			/* translators: 1: state such as "Running", 2: number of users checked, 3: of all, 4: of changed, 5: of waiting users */
			__( '%1$s: %2$s of %3$s users checked, %4$s changed, %5$s waiting to be sent.', 'gateway-connector' ),
			$labels[ $state ] ?? $state,
			number_format_i18n( (int) $progress['passed'] ),
			number_format_i18n( max( (int) $progress['total'], (int) $progress['passed'] ) ),
			number_format_i18n( (int) $progress['queued'] ),
			number_format_i18n( $waiting )
		);
		if ( '' !== $this->settings->pause_reason() ) {
			return $text . ' ' . __( 'Sending is paused; see above.', 'gateway-connector' );
		}
		if ( $waiting > 0 && $this->settings->held_until() > time() ) {
			return $text . ' ' . sprintf(
				/* translators: %s: a span of time such as "2 minutes" */
				__( 'The gateway does not answer. The next try is in %s.', 'gateway-connector' ),
				human_time_diff( time(), $this->settings->held_until() )
			);
		}
		return $text;
	}

	private function print_buttons( string $state ): void {
		$buttons = array(
			Bulk_Sync::RUNNING => array(
				'pause'  => __( 'Pause', 'gateway-connector' ),
				'cancel' => __( 'Cancel', 'gateway-connector' ),
			),
			Bulk_Sync::PAUSED  => array(
				'resume' => __( 'Resume', 'gateway-connector' ),
				'cancel' => __( 'Cancel', 'gateway-connector' ),
			),
		);
		echo '<p class="gateway-connector-bulk-buttons">';
		$start = '' === $state ? __( 'Sync all users now', 'gateway-connector' ) : __( 'Sync all users again', 'gateway-connector' );
		foreach ( $buttons[ $state ] ?? array( 'start' => $start ) as $value => $label ) {
			printf(
				'<button class="button%s" name="bulk" value="%s">%s</button> ',
				'start' === $value ? ' button-primary' : '',
				esc_attr( $value ),
				esc_html( $label )
			);
		}
		echo '</p>';
	}

	/**
	 * Users whom the gateway did not accept, with the reason.
	 */
	private function print_failed(): void {
		$rows = $this->records->failed_users( self::LISTED );
		if ( array() === $rows ) {
			return;
		}
		printf( '<h3>%s</h3>', esc_html__( 'Not accepted by the gateway', 'gateway-connector' ) );
		printf(
			'<table class="widefat striped"><thead><tr><th scope="col">%s</th><th scope="col">%s</th><th scope="col">%s</th></tr></thead>'
				. '<tbody>',
			esc_html__( 'User', 'gateway-connector' ),
			esc_html__( 'Reason', 'gateway-connector' ),
			esc_html__( 'Action', 'gateway-connector' )
		);
		foreach ( $rows as $row ) {
			$link = get_edit_user_link( (int) $row['user_id'] );
			$name = esc_html( User_Name::of( (int) $row['user_id'] ) );
			$cell = '' === $link ? $name : sprintf( '<a href="%s">%s</a>', esc_url( $link ), $name );
			printf(
				'<tr><td>%s</td><td>%s</td><td><button class="button button-small" name="again" value="%d">%s</button></td></tr>',
				wp_kses_post( $cell ),
				esc_html( $row['last_error'] ),
				(int) $row['id'],
				esc_html__( 'Try again', 'gateway-connector' )
			);
		}
		printf(
			'</tbody></table><p><button class="button" name="bulk" value="again">%s</button></p>',
			esc_html__( 'Try all again', 'gateway-connector' )
		);
	}

	private function step_url(): string {
		return add_query_arg( '_ajax_nonce', wp_create_nonce( self::STEP ), admin_url( 'admin-ajax.php?action=' . self::STEP ) );
	}
}
